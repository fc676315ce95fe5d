package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.disk.PageCacheName;
import dev.abide.engine.internal.journal.Format;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mapped file that says of each shard whether its maps are being touched, and up to which commit
 * they are complete. After a mere kill it tells which shards are whole: the process has lost no
 * store that it had executed, and in a shard that is not busy no operation was under way. Of any
 * other crash it says nothing: it is never synced, and good only where the memory that it and the
 * maps were written to has been there all the time.
 *
 * <pre>
 *  head, 64 bytes
 *   magic    8  another file, or one that was invalidated: the store failed, or was closed
 *   format   8  a newer release's file
 *  a line for each shard, 64 bytes
 *   busy     8  an operation that was cut off, which leaves locks held and entries torn
 *   applied  8  commits that are not in the maps
 *   lineage  8  maps of another directory, or of before a restore
 *   cache   16  a loss of power, or a file system that went without one: older parts of the maps may
 *               be there, see {@link PageCacheName}
 *   first    8  generations of the shard's maps: a file that was not in the list yet, or not any more
 *   last     8
 *   page     8  the highest page number: one that is given a second time
 * </pre>
 *
 * <p>Threading: a line is its store thread's; {@link #invalidate} any thread's.
 */
public final class ShardLines implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  static final String FILE = "lines";
  private static final long MAGIC = 0x4142_4944_4c49_4e45L; // "ABIDLINE"

  /** 1 had a boot's id where the cache's name stands: of its shards none is whole. */
  private static final long FORMAT = 2;

  private static final int FORMAT_AT = 8;

  private static final int LINE_BYTES = 64;
  private static final int BYTES = LINE_BYTES * (1 + ChronicleStore.SHARDS);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final VarHandle AT = LONG.varHandle();

  private static final int BUSY = 0;
  private static final int APPLIED = 8;
  private static final int LINEAGE = 16;
  private static final int CACHE = 24;
  private static final int FIRST = 40;
  private static final int LAST = 48;
  private static final int PAGE = 56;

  private static final UUID NOBODYS = new UUID(0, 0);

  /** What a shard has, if its maps are whole. */
  public record Whole(long applied, long lastPage, List<Long> generations) {}

  private final MemorySegment bytes;
  private final @Nullable Arena arena;
  private final long lineage;
  private final UUID cache;

  /** What has to go as soon as maps are made; null if nothing has. */
  private final @Nullable Path stale;

  private boolean begun;

  private ShardLines(
      MemorySegment bytes, @Nullable Arena arena, long lineage, UUID cache, @Nullable Path stale) {
    this.stale = stale;
    this.bytes = bytes;
    this.arena = arena;
    this.lineage = lineage;
    this.cache = cache;
  }

  /** Lines that nobody reads. */
  public static ShardLines none() {
    return new ShardLines(MemorySegment.ofArray(new long[BYTES / 8]), null, 0, NOBODYS, null);
  }

  /**
   * The same, for maps that are made in a directory meanwhile: what an earlier process left there
   * says nothing of these, nor does it when lines are read again.
   */
  public static ShardLines none(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        refuseOtherFormats(channel);
      }
    }
    return new ShardLines(MemorySegment.ofArray(new long[BYTES / 8]), null, 0, NOBODYS, file);
  }

  /**
   * The file of a directory, made if it is not there; none where the system does not tell whether
   * what was written to memory is still there.
   *
   * @throws dev.abide.engine.StorageException if it has a format that this release does not read
   */
  @SuppressWarnings("MustBeClosedChecker") // it is closed with the lines
  public static ShardLines open(Path directory, long lineage) throws IOException {
    Path file = directory.resolve(FILE);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      refuseOtherFormats(channel);
      UUID cache = PageCacheName.of(file);
      if (cache == null) {
        LOG.info(
            "{} is in a file system that this system cannot tell from the next one mounted there;"
                + " after a kill all shards are rebuilt",
            directory);
        channel.truncate(0);
        return none();
      }
      if (channel.size() < BYTES) {
        // Written, not left as a hole: a full disk under a hole is an error out of some store.
        channel.write(ByteBuffer.allocate(BYTES), 0);
      }
      Arena arena = Arena.ofShared();
      try {
        MemorySegment bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
        return new ShardLines(bytes, arena, lineage, cache, null);
      } catch (IOException | RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    }
  }

  /**
   * A process that was killed may have left maps of another form with it. One that closed or failed
   * has cleared the magic; of the maps that it left tells the shards file, if there is one.
   */
  private static void refuseOtherFormats(FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(FORMAT_AT + 8).order(ByteOrder.nativeOrder());
    int read = channel.read(head, 0);
    if (read == head.capacity() && head.getLong(0) == MAGIC) {
      Format.check(
          FILE,
          FORMAT_AT,
          head.getLong(FORMAT_AT),
          FORMAT,
          "delete it, and the maps are made anew from the journal");
    }
  }

  /** What is whole, by shard; null where a shard has to be rebuilt. */
  public List<@Nullable Whole> whole() {
    boolean valid = get(0) == MAGIC && get(FORMAT_AT) == FORMAT;
    List<@Nullable Whole> whole = new ArrayList<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      whole.add(valid ? whole(shard) : null);
    }
    return whole;
  }

  private @Nullable Whole whole(int shard) {
    int at = at(shard);
    long first = get(at + FIRST);
    long last = get(at + LAST);
    if (get(at + BUSY) != 0
        || get(at + LINEAGE) != lineage
        || get(at + CACHE) != cache.getMostSignificantBits()
        || get(at + CACHE + 8) != cache.getLeastSignificantBits()
        || first < 0
        || last < first - 1
        || last - first > 1_000) {
      return null;
    }
    return new Whole(
        get(at + APPLIED), get(at + PAGE), LongStream.rangeClosed(first, last).boxed().toList());
  }

  /** All shards are busy; to begin with, before anything else is touched. */
  public void begin() throws IOException {
    begun = true;
    if (stale != null) {
      Files.deleteIfExists(stale);
    }
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      set(at(shard) + BUSY, 1);
    }
    set(FORMAT_AT, FORMAT);
    AT.setVolatile(bytes, 0L, MAGIC);
  }

  /** Nothing is whole: the store has failed, is closed, or does what no line tells. */
  public void invalidate() {
    AT.setVolatile(bytes, 0L, 0L);
  }

  /** An open has failed. If it has not come to the maps, all is as it was. */
  public void abandon() {
    if (begun) {
      invalidate();
    }
    close();
  }

  Line line(int shard) {
    return new Line(at(shard));
  }

  private static int at(int shard) {
    return LINE_BYTES * (1 + shard);
  }

  private long get(long offset) {
    return bytes.get(LONG, offset);
  }

  private void set(long offset, long value) {
    bytes.set(LONG, offset, value);
  }

  /** One shard's line. Its store thread's, and before the start the opener's. */
  final class Line {
    private final long at;
    private boolean busy;

    private Line(long at) {
      this.at = at;
      busy = get(at + BUSY) != 0;
    }

    /** Before the maps are touched, reading included: a read takes a lock in the file. */
    void touch() {
      if (!busy) {
        busy = true;
        // A full fence: no store into the maps may be seen before this one.
        AT.setVolatile(bytes, at + BUSY, 1L);
      }
    }

    boolean isBusy() {
      return busy;
    }

    /** No operation is under way, and every commit up to the number is completely in. */
    void free(Whole state) {
      List<Long> generations = state.generations();
      set(at + APPLIED, state.applied());
      set(at + LINEAGE, lineage);
      set(at + CACHE, cache.getMostSignificantBits());
      set(at + CACHE + 8, cache.getLeastSignificantBits());
      set(at + FIRST, generations.isEmpty() ? 1 : generations.getFirst());
      set(at + LAST, generations.isEmpty() ? 0 : generations.getLast());
      set(at + PAGE, state.lastPage());
      // Behind all stores into the maps and the line.
      AT.setRelease(bytes, at + BUSY, 0L);
      busy = false;
    }

    /** A later number is in, which changed nothing here. */
    void raise(long applied) {
      if (!busy && applied > get(at + APPLIED)) {
        set(at + APPLIED, applied);
      }
    }
  }

  @Override
  public void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }
}
