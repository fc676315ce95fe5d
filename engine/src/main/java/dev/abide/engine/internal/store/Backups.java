package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.Moments;
import dev.abide.engine.internal.compaction.Past;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.DirectoryLock;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.spi.CborReader;
import dev.abide.engine.spi.CborWriter;
import dev.abide.engine.spi.Codecs;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Copies of an open directory, and its past.
 *
 * <p>A backup seals the segment in use, waits until all sealed ones have been sorted, and copies
 * runs and bases, which never change. The seal takes effect with the next commit, so the backup
 * makes one: an object of a reserved type notes when it began.
 *
 * <p>Threading: any; backups one after the other.
 */
final class Backups {
  /** The reserved type of the object that notes backups. */
  static final String TYPE = "\u0001backup";

  static final String ID = "last";
  private static final String CELL = "begun";

  private final FileSet files;
  private final Journal journal;
  private final ObjectHash hash;
  private final UnaryOperator<Disk> targetDisk;
  private final Supplier<@Nullable StorageException> refusal;
  private final BooleanSupplier ended;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * @param targetDisk puts something in front of the target, for tests
   * @param refusal why commits are refused now, or null: so is a backup then, each of which would
   *     take a segment of what is left
   * @param ended whether the engine closes or has failed
   */
  Backups(
      FileSet files,
      Journal journal,
      ObjectHash hash,
      UnaryOperator<Disk> targetDisk,
      Supplier<@Nullable StorageException> refusal,
      BooleanSupplier ended) {
    this.files = files;
    this.journal = journal;
    this.hash = hash;
    this.targetDisk = targetDisk;
    this.refusal = refusal;
    this.ended = ended;
  }

  /** The engine closes. */
  private static final class Ended extends IOException {
    @Serial private static final long serialVersionUID = 1;
  }

  void backup(Path to, Backup.Progress progress) throws IOException {
    one.lock();
    try {
      FileDisk target = FileDisk.made(to);
      if (!DirectoryLock.isKnown(to)) {
        Backup.refuseOthers(files, target);
      }
      try (DirectoryLock _ = DirectoryLock.take(to)) {
        refuseWhereCommitsAre();
        seal(refusal);
        try (FileSet.Pinned pinned = files.pin()) {
          var _ = Backup.write(pinned, targetDisk.apply(target), this::pace, progress);
        }
      }
    } catch (Ended e) {
      throw ended(e);
    } finally {
      one.unlock();
    }
  }

  /** Returns when all that was durable before is in runs. Takes of what is left for commits. */
  void seal() {
    seal(() -> null);
  }

  private void seal(Supplier<@Nullable StorageException> refused) {
    if (journal.last() == 0) {
      note(refused);
    }
    long last = journal.last();
    journal.seal();
    journal.awaitDurable(note(refused));
    if (!files.awaitSorted(last, ended)) {
      throw ended.getAsBoolean()
          ? ended(null)
          : new StorageException(
              "nothing of the journal could be sorted for ten minutes; see the log for why, and try"
                  + " again",
              null,
              true,
              Applied.NO);
    }
  }

  /** Before the seal: it stays where the commit behind it is refused. */
  private void refuseWhereCommitsAre() {
    StorageException refused = refusal.get();
    if (refused != null) {
      throw refused;
    }
  }

  private long note(Supplier<@Nullable StorageException> refused) {
    CborWriter value = new CborWriter();
    Codecs.INSTANT.write(value, Instant.now());
    return journal.append(
        new Commit(
            hash.name(TYPE, ID),
            false,
            List.of(),
            List.of(new Change(StorageKeys.cell(CELL), value.toBytes())),
            ApplyListener.NONE),
        refused);
  }

  /** What {@link #note} noted. */
  static @Nullable Instant begun(List<Entry> entries) {
    return entries.isEmpty()
        ? null
        : Codecs.INSTANT.read(new CborReader(entries.getFirst().value()));
  }

  private void pace(long bytes) throws IOException {
    if (ended.getAsBoolean()) {
      throw new Ended();
    }
  }

  private static StorageException ended(@Nullable Throwable cause) {
    return new StorageException(
        "the engine was closed or failed before the backup was complete; the target is what it was"
            + " before",
        cause,
        false,
        Applied.NO);
  }

  /** What an object had at an instant. */
  List<Entry> past(ObjectName name, Instant when, long bytesMax) throws IOException {
    // Before the pin: what is durable by now is in files that are there by then. A number taken
    // after it may lie in a segment that was begun since, and that the pin does not hold.
    long durable = journal.durable();
    try (FileSet.Pinned pinned = files.pin()) {
      long number = new Moments(pinned, durable).numberAt(when);
      return Past.entries(pinned, name, number, bytesMax);
    }
  }
}
