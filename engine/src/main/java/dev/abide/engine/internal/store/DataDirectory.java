package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.BackupList;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.Moments;
import dev.abide.engine.internal.compaction.Past;
import dev.abide.engine.internal.compaction.Restore;
import dev.abide.engine.internal.compaction.SortedCheck;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.DirectoryLock;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalFiles;
import dev.abide.engine.internal.journal.JournalSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
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
  private final boolean backup;
  private final FileSet files;
  private final FileSet.Pinned pinned;
  private final Moments moments;

  private DataDirectory(Path directory, DirectoryLock lock) throws IOException {
    this.lock = lock;
    this.disk = new FileDisk(directory);
    BackupList list = BackupList.read(disk);
    backup = list != null;
    long last;
    if (list != null) {
      identity = list.identity();
      files = Backup.open(disk, list);
      last = list.last();
    } else {
      identity = found(directory, disk);
      files = FileSet.look(disk, identity, disk.list());
      ShardsFile clean = ShardsFile.read(disk, identity.lineage());
      long least = clean == null ? 0 : clean.end().number();
      List<JournalSegment> segments =
          JournalFiles.look(disk, identity, files.start(), least, commit -> {});
      files.segments(segments);
      last = segments.isEmpty() ? files.start().number() : segments.getLast().last();
    }
    hash = new ObjectHash(identity.hashKey());
    pinned = files.pin();
    moments = new Moments(pinned, last);
  }

  /** Whether there is anything of Abide's in a directory; opens no lock. */
  public static boolean isOne(Path directory) throws IOException {
    if (!FileDisk.isThere(directory)) {
      return false;
    }
    Disk disk = new FileDisk(directory);
    return disk.exists(Identity.BACKUP)
        || disk.exists(Identity.RESTORING)
        || disk.list().stream().anyMatch(Identity::isName);
  }

  /**
   * Opens a directory or a backup.
   *
   * @throws dev.abide.engine.DirectoryInUseException if an engine has it open
   * @throws StorageException if it is none, is damaged, or was written by a newer release
   */
  public static DataDirectory open(Path directory) throws IOException {
    if (!FileDisk.isThere(directory)) {
      throw refused("there is no directory " + directory);
    }
    if (!isOne(directory)) {
      // Before the lock, which would put its file there.
      throw refused(directory + " is no directory of Abide and no backup: it has no identity file");
    }
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      return new DataDirectory(directory, lock);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private static Identity found(Path directory, Disk disk) throws IOException {
    Identity found = Identity.find(disk);
    if (found == null) {
      throw refused(directory + " has no identity file; restore it from a copy of this directory");
    }
    return found;
  }

  private static StorageException refused(String what) {
    return new StorageException(what, null, false, Applied.NO);
  }

  /** Whether it is a backup. */
  public boolean isBackup() {
    return backup;
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
    return State.open(files, shard, number);
  }

  /** What an object had after a commit. */
  public List<Entry> entries(ObjectName name, long number) throws IOException {
    return Past.entries(pinned, name, number, Runtime.getRuntime().maxMemory() / 4);
  }

  /** All versions that are kept of an object. */
  public List<Past.Version> versions(ObjectName name) throws IOException {
    return Past.versions(pinned, name, moments.last());
  }

  /**
   * Writes a past state to an empty directory.
   *
   * @param number the commit after which the state is taken
   * @param done told after each shard
   */
  public void restore(Path to, long number, IntConsumer done) throws IOException {
    FileDisk target = FileDisk.made(to);
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
    BackupList list = BackupList.read(disk);
    return list == null ? SortedCheck.read(disk, identity, name) : Backup.check(disk, list, name);
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
