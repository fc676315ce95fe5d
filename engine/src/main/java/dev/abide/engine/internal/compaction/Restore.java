package dev.abide.engine.internal.compaction;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Fills an empty directory with a past state: 64 bases of a new lineage, and the segment that goes
 * on from there. No file is copied. Until all of it is durable a file says that it is not, and the
 * directory is refused by every open; a restore that is tried again removes what the first one
 * left.
 */
public final class Restore {
  private static final Set<String> LOCKS = Set.of("lock", "holder");
  private static final int SEGMENT_BYTES = 1 << 20;

  private Restore() {}

  /**
   * Writes the state.
   *
   * @param source held by the caller
   * @param number the commit after which the state is taken
   * @param timeMs the time of that commit
   * @param done told after each of 64 shards
   * @throws IllegalArgumentException if that state was dropped
   * @throws StorageException if the target is not empty, or a file of the source is damaged
   */
  public static void write(
      FileSet.Pinned source, long number, long timeMs, Disk target, IntConsumer done)
      throws IOException {
    if (number < source.oldest()) {
      // Number 0 too: before the first commit there was nothing, but after a restore there was.
      throw new IllegalArgumentException(
          "the state after commit "
              + number
              + " was dropped; the oldest one that is kept is that after commit "
              + source.oldest());
    }
    clear(target);
    begin(target);
    Identity identity = source.set().identity().renewed();
    if (number > 0) {
      for (int shard = 0; shard < FileTail.SHARDS; shard++) {
        base(source, shard, number, timeMs, identity, target);
        done.accept(shard + 1);
      }
      JournalFiles.makeFirst(target, identity, SEGMENT_BYTES);
    }
    identity.write(target);
    target.delete(Identity.RESTORING);
    target.force();
  }

  private static void base(
      FileSet.Pinned source, int shard, long number, long timeMs, Identity identity, Disk target)
      throws IOException {
    FileHead head = FileHead.base(identity, shard, number);
    try (State state = State.of(source, shard, number);
        SortedWriter writer = new SortedWriter(target, head, Pace.FREE)) {
      while (state.next()) {
        writer.add(state.objectKey(), state.key(), state.number(), false, state.value());
      }
      TimeLine times = new TimeLine();
      times.add(timeMs, number);
      var _ = writer.finish(times, Surroundings.UNKNOWN);
    }
  }

  /**
   * Refuses a target that is neither empty nor what an unfinished restore left. To be asked before
   * a lock is put there too: what is somebody else's stays as it is.
   */
  public static void refuseOthers(Disk target) throws IOException {
    boolean unfinished = target.exists(Identity.RESTORING);
    for (String name : target.list()) {
      if (!isOwn(name) && !(unfinished && isLeft(name))) {
        throw new StorageException(
            "the target has a file " + name + "; a restore needs an empty directory",
            null,
            false,
            Applied.NO);
      }
    }
  }

  /** Removes what an unfinished restore left. */
  private static void clear(Disk target) throws IOException {
    refuseOthers(target);
    for (String name : target.list()) {
      if (!isOwn(name)) {
        target.delete(name);
      }
    }
  }

  private static boolean isOwn(String name) {
    return LOCKS.contains(name) || name.equals(Identity.RESTORING);
  }

  private static boolean isLeft(String name) {
    return FileHead.isName(name)
        || FileHead.isBeside(name)
        || JournalFiles.isName(name)
        || Identity.isName(name);
  }

  private static void begin(Disk target) throws IOException {
    try (DiskFile file = target.open(Identity.RESTORING, true)) {
      file.write(ByteBuffer.wrap("unfinished\n".getBytes(StandardCharsets.US_ASCII)), 0);
      file.force();
    }
    target.force();
  }
}
