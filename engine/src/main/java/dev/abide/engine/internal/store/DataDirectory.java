package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.BackupList;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.Moments;
import dev.abide.engine.internal.compaction.Pace;
import dev.abide.engine.internal.compaction.Past;
import dev.abide.engine.internal.compaction.Restore;
import dev.abide.engine.internal.compaction.SortedCheck;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.DirectoryLock;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A directory or a backup that no engine has open, to be read. Nothing in it is changed but the
 * files of the lock, which is held until the close.
 *
 * <p>One thread, which nobody interrupts.
 */
public final class DataDirectory implements AutoCloseable {
  /** Shards of every directory. */
  public static final int SHARDS = 64;

  private final DirectoryLock lock;
  private final Disk disk;
  private final Identity identity;
  private final ObjectHash hash;
  private final Contents contents;
  private final FileSet files;
  private final FileSet.Pinned pinned;
  private final Moments moments;

  private DataDirectory(DirectoryLock lock, Disk disk, Contents contents) {
    this.lock = lock;
    this.disk = disk;
    this.contents = contents;
    this.identity = contents.identity();
    this.files = contents.files();
    hash = new ObjectHash(identity.hashKey());
    pinned = files.pin();
    moments = new Moments(pinned, contents.last());
  }

  /** Whether there is anything of Abide's in a directory; opens no lock. */
  public static boolean isOne(Path directory) throws IOException {
    if (!FileDisk.isThere(directory)) {
      return false;
    }
    Disk disk = new FileDisk(directory);
    return disk.exists(Identity.BACKUP)
        || disk.exists(Identity.RESTORING)
        || disk.exists(Identity.BACKING_UP)
        || disk.list().stream()
            .anyMatch(
                name -> Identity.isName(name) || FileSet.isName(name) || JournalFiles.isName(name));
  }

  /**
   * Opens a directory or a backup.
   *
   * @throws dev.abide.engine.DirectoryInUseException if an engine has it open
   * @throws StorageException if it is none, is damaged, or was written by a newer release
   */
  public static DataDirectory open(Path directory) throws IOException {
    return open(directory, Contents::whole);
  }

  /**
   * Opens what can be read of a damaged one: {@link #damages} says what cannot. What of the journal
   * lies behind a damage is not seen; of a damaged run or base what lies before it is.
   *
   * @throws dev.abide.engine.DirectoryInUseException if an engine has it open
   * @throws StorageException if it is none, or nothing says what its objects are called
   */
  public static DataDirectory salvage(Path directory) throws IOException {
    return open(directory, Contents::salvaged);
  }

  /** How it is looked at. */
  private interface Look {
    Contents at(Path directory, Disk disk) throws IOException;
  }

  private static DataDirectory open(Path directory, Look look) throws IOException {
    if (!FileDisk.isThere(directory)) {
      throw refused("there is no directory " + directory);
    }
    if (!isOne(directory)) {
      // Before the lock, which would put its file there.
      throw refused(directory + " is no directory of Abide and no backup: it has no identity file");
    }
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Disk disk = new FileDisk(directory);
      return new DataDirectory(lock, disk, look.at(directory, disk));
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private static StorageException refused(String what) {
    return new StorageException(what, null, false, Applied.NO);
  }

  /** Whether it is a backup. */
  public boolean isBackup() {
    return contents.backup();
  }

  /** What cannot be read, each naming file and offset; empty unless this was salvaged. */
  public List<StorageException> damages() {
    return contents.damages();
  }

  /** Whether all files are there that the state of a shard needs. */
  public boolean isWhole(int shard) {
    return !contents.lost().get(shard);
  }

  private void refuseLost(int shard) {
    if (!isWhole(shard)) {
      throw refused(
          "of shard %d of %d files are missing or damaged, and its state with them"
              .formatted(shard, SHARDS));
    }
  }

  /** The files of runs and bases that count, and the segments. */
  public FileSet.Pinned files() {
    return pinned;
  }

  /** Commits and instants. */
  public Moments moments() {
    return moments;
  }

  /** The lineage. */
  public long lineage() {
    return identity.lineage();
  }

  /** An object's name. */
  public ObjectName name(String type, String id) {
    return hash.name(type, id);
  }

  /** The state of a shard after a commit. */
  public State state(int shard, long number) throws IOException {
    refuseLost(shard);
    return State.open(files, shard, number);
  }

  /** What an object had after a commit. */
  public List<Entry> entries(ObjectName name, long number) throws IOException {
    refuseLost(name.shard());
    return Past.entries(pinned, name, number, Runtime.getRuntime().maxMemory() / 4);
  }

  /** All versions that are kept of an object. */
  public List<Past.Version> versions(ObjectName name) throws IOException {
    refuseLost(name.shard());
    return Past.versions(pinned, name, moments.last());
  }

  /**
   * Writes a past state to an empty directory.
   *
   * @param number the commit after which the state is taken
   * @throws IllegalArgumentException if that state was dropped, or is yet to come
   * @param done told after each shard
   */
  public void restore(Path to, long number, IntConsumer done) throws IOException {
    if (number > moments.last()) {
      throw new IllegalArgumentException(
          "there is no commit " + number + "; the last one is " + moments.last());
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      refuseLost(shard);
    }
    FileDisk target = FileDisk.made(to);
    if (!DirectoryLock.isKnown(to)) {
      Restore.refuseOthers(target);
    }
    try (DirectoryLock _ = DirectoryLock.take(to)) {
      Restore.write(pinned, number, moments.timeOf(number), target, done);
    }
  }

  /** The commit that an instant leads to. */
  public long numberAt(Instant when) throws IOException {
    return moments.numberAt(when);
  }

  /** Reads every byte of a run or a base; for a backup also against its list. */
  public long check(String name) throws IOException {
    return check(name, bytes -> {});
  }

  /**
   * The same.
   *
   * @param reached told now and then how many bytes of the file have been read
   */
  public long check(String name, LongConsumer reached) throws IOException {
    BackupList list = BackupList.read(disk);
    return list == null
        ? SortedCheck.read(disk, identity, name, Pace.FREE, reached)
        : Backup.check(disk, list, name, reached);
  }

  /** The length of a run or a base; 0 if it is not there. */
  public long bytes(String name) throws IOException {
    if (!disk.exists(name)) {
      return 0;
    }
    try (DiskFile file = disk.open(name, false)) {
      return file.size();
    }
  }

  /** The names of runs and bases. */
  public List<String> sortedNames() {
    return pinned.sortedNames();
  }

  /** When the last backup of this directory began; null if none did. */
  public @Nullable Instant lastBackup() throws IOException {
    return Backups.begun(entries(name(Backups.TYPE, Backups.ID), moments.last()));
  }

  @Override
  public void close() throws IOException {
    try {
      pinned.close();
    } finally {
      lock.close();
    }
  }
}
