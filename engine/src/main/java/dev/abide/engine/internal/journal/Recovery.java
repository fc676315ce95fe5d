package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides, after an unclean end, which commits there are.
 *
 * <p>Batches are read in order while they are valid and their numbers follow. Where one is not,
 * either a crash cut the last batch, which nobody had been answered, or something that had been
 * synced is damaged. They are told apart by what stands behind: each header says up to which number
 * everything was synced before it was written, so a header behind the break that vouches for the
 * missing number proves damage, and the open is refused. A batch never spans segments and only one
 * is in flight.
 *
 * <p>What no header vouches for may have been written and never synced: the kernel marks pages
 * clean after a failed sync, so a new sync of them would write nothing. Those commits are copied to
 * the head of a new segment, whose header says where the old one ends.
 */
final class Recovery {
  private final Disk disk;
  private final Identity identity;
  private final long least;
  private final Consumer<NumberedCommit> replay;
  private final TreeMap<Long, SegmentHeader> headers = new TreeMap<>();

  private long last;
  private long time;
  private long vouched;
  private JournalEnd vouchedEnd = new JournalEnd(-1, 0, 0, 0);
  private final List<byte[]> unvouched = new ArrayList<>();
  private int unvouchedCount;

  /**
   * @param least a number that is known to have been durable: with less the open is refused, also
   *     where it looks like a tear
   */
  Recovery(Disk disk, Identity identity, long least, Consumer<NumberedCommit> replay) {
    this.least = least;
    this.disk = disk;
    this.identity = identity;
    this.replay = replay;
  }

  /** Reads all; returns a segment to go on in, or null if there is no journal yet. */
  @Nullable Segment run(long firstSize) throws IOException {
    readHeaders();
    if (headers.isEmpty()) {
      refuseFewer("the directory", 0);
      return null;
    }
    Map<Long, JournalEnd> cuts = cuts();
    SegmentHeader next = headers.firstEntry().getValue();
    vouchedEnd = new JournalEnd(next.sequence(), SegmentHeader.BYTES, 0, 0);
    while (next != null) {
      Long sequence = readSegment(next, cuts.get(next.sequence()));
      next = sequence == null ? null : headers.get(sequence);
    }
    return goOn(firstSize);
  }

  /** The time of the last commit. */
  long time() {
    return time;
  }

  long last() {
    return last;
  }

  /** The offset behind what was copied into the new segment. */
  long offset() {
    return SegmentHeader.BYTES + (unvouched.isEmpty() ? 0L : Batch.HEADER_BYTES + unvouchedBytes());
  }

  private void readHeaders() throws IOException {
    for (String name : disk.list()) {
      if (Segment.isBeside(name)) {
        disk.delete(name);
      }
      long sequence = SegmentHeader.sequenceOf(name);
      if (sequence >= 0) {
        headers.put(sequence, header(disk, identity, sequence));
      }
    }
  }

  static SegmentHeader header(Disk disk, Identity identity, long sequence) throws IOException {
    String name = SegmentHeader.fileName(sequence);
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    try (DiskFile file = disk.open(name, false)) {
      file.read(bytes, 0);
    }
    try {
      return SegmentHeader.read(bytes.flip(), sequence, identity.lineage());
    } catch (IllegalArgumentException e) {
      throw damaged(name, 0, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Where later segments say that older ones end; segments between the two are out of the chain.
   */
  private Map<Long, JournalEnd> cuts() {
    Map<Long, JournalEnd> cuts = new HashMap<>();
    for (SegmentHeader header : headers.values()) {
      JournalEnd end = header.continues();
      if (end != null) {
        cuts.put(
            end.sequence(),
            new JournalEnd(header.sequence(), end.offset(), end.number(), end.time()));
      }
    }
    return cuts;
  }

  /**
   * Reads a segment.
   *
   * @param cut the segment that goes on, and where this one ends for it; or null
   * @return the sequence number of the segment that goes on, or null at the end of the journal
   */
  private @Nullable Long readSegment(SegmentHeader header, @Nullable JournalEnd cut)
      throws IOException {
    String name = SegmentHeader.fileName(header.sequence());
    try (SegmentReader reader = open(header)) {
      long offset = SegmentHeader.BYTES;
      while (cut == null || offset < cut.offset()) {
        Batch batch = reader.read(offset);
        if (batch == null || batch.first() != last + 1 || batch.durable() > last) {
          break;
        }
        vouch(batch.durable(), header.sequence(), offset);
        accept(name, offset, batch, reader.records());
        offset += Batch.HEADER_BYTES + batch.bytes();
        if (batch.count() == 0 && unvouched.isEmpty()) {
          vouchedEnd = new JournalEnd(header.sequence(), offset, vouched, time);
        }
      }
      if (cut != null) {
        return endAtCut(name, offset, cut);
      }
      Long next = next(header.sequence());
      if (next != null) {
        return next;
      }
      refuseDamage(name, reader, offset, header.sequence());
      refuseFewer(name, offset);
      if (vouched == last) {
        vouchedEnd = new JournalEnd(header.sequence(), offset, vouched, time);
      }
      return null;
    }
  }

  private Long endAtCut(String name, long offset, JournalEnd cut) {
    if (offset != cut.offset() || last < cut.number()) {
      throw damaged(
          name,
          offset,
          "it ends before commit " + cut.number() + ", where the next segment goes on");
    }
    if (last != cut.number()) {
      throw damaged(name, offset, "it has commits behind the place where the next segment goes on");
    }
    unvouched.clear();
    unvouchedCount = 0;
    vouched = last;
    vouchedEnd = new JournalEnd(cut.sequence(), SegmentHeader.BYTES, vouched, time);
    return cut.sequence();
  }

  private void vouch(long durable, long sequence, long offset) {
    vouched = Math.max(vouched, durable);
    // One batch is in flight at a time, so a header vouches for all that was read before it.
    if (vouched == last) {
      unvouched.clear();
      unvouchedCount = 0;
      vouchedEnd = new JournalEnd(sequence, offset, last, time);
    }
  }

  private void accept(String name, long offset, Batch batch, ByteBuffer records) {
    if (batch.count() == 0) {
      return;
    }
    byte[] copy = new byte[(int) batch.bytes()];
    records.get(copy).rewind();
    unvouched.add(copy);
    unvouchedCount += batch.count();
    for (int n = 0; n < batch.count(); n++) {
      NumberedCommit commit;
      try {
        commit = CommitCodec.decode(records);
      } catch (IllegalArgumentException e) {
        throw damaged(name, offset, String.valueOf(e.getMessage()));
      }
      if (commit.number() != last + 1) {
        throw damaged(name, offset, "commit " + (last + 1) + " is missing");
      }
      last = commit.number();
      time = Math.max(time, commit.time());
      replay.accept(commit);
    }
  }

  /** The next segment whose first batch follows, if there is one. */
  private @Nullable Long next(long sequence) throws IOException {
    for (SegmentHeader later : headers.tailMap(sequence, false).values()) {
      try (SegmentReader reader = open(later)) {
        Batch first = reader.read(SegmentHeader.BYTES);
        if (first != null && first.first() == last + 1 && first.durable() <= last) {
          return later.sequence();
        }
      }
    }
    return null;
  }

  private void refuseDamage(String name, SegmentReader reader, long offset, long sequence)
      throws IOException {
    if (reader.findVoucher(offset, last + 1) >= 0) {
      throw damaged(name, offset, "commit " + (last + 1) + " had been synced, and cannot be read");
    }
    for (SegmentHeader later : headers.tailMap(sequence, false).values()) {
      try (SegmentReader behind = open(later)) {
        if (behind.findVoucher(SegmentHeader.BYTES, last + 1) >= 0) {
          throw damaged(
              name, offset, "commit " + (last + 1) + " had been synced, and cannot be read");
        }
      }
    }
  }

  private void refuseFewer(String where, long offset) {
    if (last < least) {
      throw damaged(
          where,
          offset,
          "it ends at commit " + last + ", and the last clean close left " + least + " commits");
    }
  }

  /** Copies what nothing vouches for into a new segment, and removes those never used. */
  private Segment goOn(long firstSize) throws IOException {
    long sequence = headers.lastKey() + 1;
    SegmentHeader header =
        new SegmentHeader(identity.lineage(), sequence, Salts.next(), vouchedEnd);
    ByteBuffer first = unvouched.isEmpty() ? null : copied(header.salt());
    long needed = first == null ? 0 : first.capacity();
    long size = firstSize;
    while (size < SegmentHeader.BYTES + needed + 4L * Batch.HEADER_BYTES) {
      size *= 2;
    }
    Segment made = Segment.make(disk, header, size, first);
    for (long unused : headers.tailMap(vouchedEnd.sequence(), false).keySet()) {
      // Never used, or used for nothing but what was copied.
      disk.delete(SegmentHeader.fileName(unused));
    }
    disk.force();
    return made;
  }

  private ByteBuffer copied(long salt) {
    ByteBuffer whole = ByteBuffer.allocate(Batch.HEADER_BYTES + unvouchedBytes());
    whole.position(Batch.HEADER_BYTES);
    unvouched.forEach(whole::put);
    whole.flip();
    new Batch(salt, unvouchedBytes(), vouchedEnd.number() + 1, unvouchedCount, vouchedEnd.number())
        .seal(whole);
    return whole;
  }

  private int unvouchedBytes() {
    return unvouched.stream().mapToInt(records -> records.length).sum();
  }

  private SegmentReader open(SegmentHeader header) throws IOException {
    return new SegmentReader(header, disk.open(SegmentHeader.fileName(header.sequence()), false));
  }

  static StorageException damaged(String name, long offset, String what) {
    return new StorageException(
        "the journal is damaged: in "
            + name
            + " at offset "
            + offset
            + ": "
            + what
            + ". Nothing was changed. Restore the directory from a copy",
        null,
        false,
        Applied.NO);
  }
}
