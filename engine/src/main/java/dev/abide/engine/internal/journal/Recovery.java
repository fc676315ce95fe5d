package dev.abide.engine.internal.journal;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final JournalStart start;
  private final Consumer<NumberedCommit> replay;
  private final Progress progress;
  private final TreeMap<Long, SegmentHeader> headers = new TreeMap<>();
  private final Map<Long, Long> sizes = new HashMap<>();

  /** Where damage does not end it: told of each; null where it does. */
  private @Nullable Consumer<StorageException> onDamage;

  private long last;
  private long time;
  private long vouched;
  private JournalEnd vouchedEnd;
  private final List<byte[]> unvouched = new ArrayList<>();
  private int unvouchedCount;

  /** The segments that were read, in order, each with the number before its first commit. */
  private final Map<SegmentHeader, Long> chain = new LinkedHashMap<>();

  /**
   * @param start what is not in segments any more; those with nothing else are passed over, and
   *     deleted once the rest has been found to be whole
   * @param least a number that is known to have been durable: with less the open is refused, also
   *     where it looks like a tear
   * @param progress told how much has been read
   */
  Recovery(
      Disk disk,
      Identity identity,
      JournalStart start,
      long least,
      Consumer<NumberedCommit> replay,
      Progress progress) {
    this.least = least;
    this.progress = progress;
    this.disk = disk;
    this.identity = identity;
    this.start = start;
    this.replay = replay;
    last = start.number();
    time = start.time();
    vouched = start.number();
    vouchedEnd = new JournalEnd(-1, 0, start.number(), start.time());
  }

  /** Reads all; returns a segment to go on in, or null if there is no journal yet. */
  @Nullable Segment run(long firstSize) throws IOException {
    boolean found = read();
    // Not before it is decided that there is no damage: "nothing was changed" is said of that.
    deleteUnfinished();
    return found ? goOn(firstSize) : null;
  }

  /** Reads all and changes nothing; gives the segments in order, with the commits of each. */
  List<JournalSegment> look() throws IOException {
    var _ = read();
    return found();
  }

  /**
   * Reads what can be read before the first damage, and changes nothing.
   *
   * @param damage told of each damage that was met
   */
  List<JournalSegment> salvage(Consumer<StorageException> damage) throws IOException {
    onDamage = damage;
    try {
      var _ = read();
    } catch (StorageException e) {
      damage.accept(e);
    }
    return found();
  }

  private List<JournalSegment> found() {
    List<JournalSegment> found = new ArrayList<>();
    List<Map.Entry<SegmentHeader, Long>> all = List.copyOf(chain.entrySet());
    for (int i = 0; i < all.size(); i++) {
      long sequence = all.get(i).getKey().sequence();
      long end = i + 1 < all.size() ? all.get(i + 1).getValue() : last;
      found.add(
          new JournalSegment(
              sequence, sizes.getOrDefault(sequence, 0L), all.get(i).getValue() + 1, end));
    }
    return found;
  }

  private String soFar() {
    // Some of them were only made ahead.
    return "reading the journal: segment %,d of at most %,d, up to commit %,d"
        .formatted(chain.size(), headers.size(), last);
  }

  /** Reads all segments; whether there are any. */
  private boolean read() throws IOException {
    readHeaders();
    if (headers.isEmpty()) {
      refuseFewer("the directory", 0);
      if (start.number() > 0) {
        throw damaged(
            SegmentHeader.fileName(1),
            0,
            "there is no segment, though commits up to " + start.number() + " were in some");
      }
      return false;
    }
    Map<Long, JournalEnd> cuts = cuts();
    SegmentHeader next = begin();
    while (next != null) {
      chain.put(next, last);
      Long sequence = readSegment(next, cuts.get(next.sequence()));
      next = sequence == null ? null : headers.get(sequence);
    }
    return true;
  }

  /** The segment that goes on from where the runs end, or null if none does. */
  private @Nullable SegmentHeader begin() throws IOException {
    boolean first = start.number() == 0 && onDamage == null;
    Long sequence = first ? Long.valueOf(headers.firstKey()) : next(-1);
    if (sequence == null) {
      SegmentHeader oldest = headers.firstEntry().getValue();
      try (SegmentReader reader = open(oldest)) {
        refuseDamage(
            SegmentHeader.fileName(oldest.sequence()),
            reader,
            SegmentHeader.BYTES,
            oldest.sequence());
        refuseFewer(SegmentHeader.fileName(oldest.sequence()), SegmentHeader.BYTES);
      }
      return null;
    }
    vouchedEnd = new JournalEnd(sequence, SegmentHeader.BYTES, last, time);
    return headers.get(sequence);
  }

  /** The segments whose commits are to be sorted, in order. */
  List<JournalSegment> sealed() {
    List<JournalSegment> sealed = new ArrayList<>();
    List<Map.Entry<SegmentHeader, Long>> read = List.copyOf(chain.entrySet());
    for (int i = 0; i < read.size(); i++) {
      long sequence = read.get(i).getKey().sequence();
      long before = read.get(i).getValue();
      long next = i + 1 < read.size() ? read.get(i + 1).getValue() : vouchedEnd.number();
      long end = Math.min(next, vouchedEnd.number());
      if (sequence <= vouchedEnd.sequence()) {
        sealed.add(new JournalSegment(sequence, sizes.getOrDefault(sequence, 0L), before + 1, end));
      }
    }
    return sealed;
  }

  /** The number before the first commit that will be in the new segment. */
  long vouched() {
    return vouchedEnd.number();
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

  /** Segments that were being made. */
  private void deleteUnfinished() throws IOException {
    for (String name : disk.list()) {
      if (Segment.isBeside(name)) {
        disk.delete(name);
      }
    }
  }

  private void readHeaders() throws IOException {
    for (String name : disk.list()) {
      long sequence = SegmentHeader.sequenceOf(name);
      if (sequence >= 0) {
        readHeader(sequence);
      }
    }
  }

  private void readHeader(long sequence) throws IOException {
    try {
      headers.put(sequence, header(disk, identity, sequence));
    } catch (StorageException e) {
      if (onDamage == null) {
        throw e;
      }
      onDamage.accept(e);
    }
  }

  static SegmentHeader header(Disk disk, Identity identity, long sequence) throws IOException {
    try (DiskFile file = disk.open(SegmentHeader.fileName(sequence), false)) {
      return header(file, identity, sequence);
    }
  }

  static SegmentHeader header(DiskFile file, Identity identity, long sequence) throws IOException {
    String name = SegmentHeader.fileName(sequence);
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.read(bytes, 0);
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
      sizes.put(header.sequence(), reader.size);
      long offset = SegmentHeader.BYTES;
      while (cut == null || offset < cut.offset()) {
        Batch batch = reader.read(offset);
        if (batch == null || batch.first() != last + 1 || batch.durable() > last) {
          break;
        }
        vouch(batch.durable(), header.sequence(), offset);
        accept(name, offset, batch, reader.records());
        progress.at(this::soFar);
        offset += Batch.HEADER_BYTES + batch.bytes();
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

  /**
   * The end that is vouched for lies before the first header that does it. That one itself, and
   * empty ones behind it, may never have been synced: were the end behind them, the next loss of
   * power could take them away, and what is whole would look as if it were damaged.
   */
  private void vouch(long durable, long sequence, long offset) {
    vouched = Math.max(vouched, durable);
    // One batch is in flight at a time, so a header vouches for all that was read before it.
    if (vouched == last && !unvouched.isEmpty()) {
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
    JournalEnd continues = chain.isEmpty() ? null : vouchedEnd;
    SegmentHeader header = new SegmentHeader(identity.lineage(), sequence, Salts.next(), continues);
    ByteBuffer first = unvouched.isEmpty() ? null : copied(header.salt());
    long needed = first == null ? 0 : first.capacity();
    long size = firstSize;
    while (size < SegmentHeader.BYTES + needed + 4L * Batch.HEADER_BYTES) {
      size *= 2;
    }
    Segment made = Segment.make(disk, header, size, first);
    Set<Long> kept = new HashSet<>();
    sealed().forEach(segment -> kept.add(segment.sequence()));
    for (long unused : headers.keySet()) {
      // Never used, or used for nothing but what was copied, or in runs already.
      if (!kept.contains(unused)) {
        disk.delete(SegmentHeader.fileName(unused));
      }
    }
    disk.force();
    return made;
  }

  private ByteBuffer copied(long salt) {
    ByteBuffer whole = ByteBuffer.allocate(Batch.HEADER_BYTES + unvouchedBytes());
    whole.position(Batch.HEADER_BYTES);
    unvouched.forEach(whole::put);
    whole.flip();
    long before = last - unvouchedCount;
    new Batch(salt, unvouchedBytes(), before + 1, unvouchedCount, before).seal(whole);
    return whole;
  }

  private int unvouchedBytes() {
    return unvouched.stream().mapToInt(records -> records.length).sum();
  }

  private SegmentReader open(SegmentHeader header) throws IOException {
    return new SegmentReader(header, disk.open(SegmentHeader.fileName(header.sequence()), false));
  }

  static StorageException damaged(String name, long offset, String what) {
    return Damage.at(name, offset, what);
  }
}
