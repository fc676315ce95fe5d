package dev.abide.engine.internal.compaction;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.BackupList.BackupFile;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Copies runs and bases to another directory. They never change, so what an earlier backup has is
 * not copied again. Each file is written beside, synced and renamed; then the list that names them
 * takes the place of the older one in one step; then what it no longer names goes. So whenever it
 * ends early, the backup is what it was before, or what it was to become. A file that the older
 * list names is replaced only if it is damaged.
 */
public final class Backup {
  /** Told how far a backup has come. */
  @FunctionalInterface
  public interface Progress {
    /** Tells nobody. */
    Progress NONE = (copied, all) -> {};

    /** So many bytes have been copied of those that have to be. */
    void copied(long bytes, long all);
  }

  private static final int COPY_BYTES = 1 << 20;

  /** More at once would hold up the journal's own sync where both lie on one disk. */
  private static final int SYNC_BYTES = 4 << 20;

  private static final Set<String> OWN = Set.of("lock", "holder", Identity.BACKING_UP);

  private final FileSet.Pinned source;
  private final Disk target;
  private final Pace pace;
  private final Progress progress;
  private long copied;
  private long toCopy;

  private Backup(FileSet.Pinned source, Disk target, Pace pace, Progress progress) {
    this.source = source;
    this.target = target;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Makes the backup in the target what the files hold; segments are left out.
   *
   * @param source held by the caller
   * @param pace told of what was written; ends the backup by throwing
   * @param progress told what was copied
   * @throws StorageException if the target holds something else, or a file is damaged
   */
  public static BackupList write(FileSet.Pinned source, Disk target, Pace pace, Progress progress)
      throws IOException {
    return new Backup(source, target, pace, progress).write();
  }

  /**
   * Refuses a target that has files and is no backup. To be asked before a lock is put there too:
   * what is somebody else's stays as it is.
   */
  public static void refuseOthers(FileSet source, Disk target) throws IOException {
    if (BackupList.read(target) == null) {
      refuseOthersFiles(source.identity(), target);
    }
  }

  private BackupList write() throws IOException {
    for (int shard = 0; shard < FileTail.SHARDS; shard++) {
      SortedFile base = source.base(shard);
      Row.check(base == null ? 0 : base.last(), source.runs(), List.of(), Long.MAX_VALUE);
    }
    Identity identity = source.set().identity();
    BackupList before = BackupList.read(target);
    if (before == null) {
      refuseOthersFiles(identity, target);
      begin();
    } else if (before.identity().lineage() != identity.lineage()) {
      throw refused(
          "the target is a backup of another directory, or of this one before a restore; choose an"
              + " empty one");
    }
    if (before != null && before.last() > source.set().start().number()) {
      throw refused(
          "the target goes up to commit %,d and this directory only to %,d: it is an older copy of the one that was backed up there; choose an empty target"
              .formatted(before.last(), source.set().start().number()));
    }
    List<SortedFile> lacking = lacking(before);
    if (before != null) {
      refuseApart(before, lacking);
    }
    toCopy = lacking.stream().mapToLong(SortedFile::bytes).sum();
    List<BackupFile> files = new ArrayList<>();
    long last = 0;
    long time = 0;
    for (SortedFile file : source.sortedFiles()) {
      BackupFile had = before == null ? null : before.file(file.name());
      files.add(had == null || lacking.contains(file) ? copy(file) : had);
      if (file.last() > last) {
        last = file.last();
        time = file.tail().time();
      }
    }
    target.force();
    BackupList list = new BackupList(identity, last, time, List.copyOf(files));
    list.write(target);
    removeOthers(list);
    return list;
  }

  private List<SortedFile> lacking(@Nullable BackupList before) throws IOException {
    List<SortedFile> lacking = new ArrayList<>();
    for (SortedFile file : source.sortedFiles()) {
      BackupFile had = before == null ? null : before.file(file.name());
      if (had == null || !isThere(had, file)) {
        lacking.add(file);
      }
    }
    return lacking;
  }

  /**
   * Two copies of a directory that went on apart give the same names to other contents. A file of
   * the other copy cannot be replaced: cut off behind that, the list of the older backup would name
   * what belongs to this one. One that is damaged there is, for that list names nothing whole.
   */
  private void refuseApart(BackupList before, List<SortedFile> lacking) throws IOException {
    for (SortedFile file : lacking) {
      BackupFile had = before.file(file.name());
      if (had != null && wrong(target, had) == null && crc(target, had.name()) == had.crc()) {
        throw refused(
            "the target's file %s is whole and has other contents than this directory's: the target is a backup of another copy of this directory, which went on apart from it; choose an empty target"
                .formatted(had.name()));
      }
    }
  }

  /** Until there is a first list, nobody is to take the directory for something else. */
  private void begin() throws IOException {
    try (DiskFile file = target.open(Identity.BACKING_UP, true)) {
      file.write(ByteBuffer.wrap("unfinished\n".getBytes(StandardCharsets.US_ASCII)), 0);
      file.force();
    }
    target.force();
  }

  /** Files of a backup that never came to its list may stay; anything else is somebody's. */
  private static void refuseOthersFiles(Identity identity, Disk target) throws IOException {
    String own = "%016x".formatted(identity.lineage());
    for (String name : target.list()) {
      boolean ours = isCopy(name) && name.contains("-" + own + "-");
      if (!ours && !OWN.contains(name) && !BackupList.isName(name)) {
        throw refused(
            "the target has a file " + name + " and is no backup; choose an empty directory");
      }
    }
  }

  private static boolean isCopy(String name) {
    return FileHead.isName(name) || FileHead.isBeside(name);
  }

  /**
   * Whether the target has this very file. Two copies of a directory that went on apart give the
   * same names to other contents; the checksums of their blocks differ.
   */
  private boolean isThere(BackupFile had, SortedFile sorted) throws IOException {
    if (!target.exists(had.name()) || had.length() != sorted.bytes()) {
      return false;
    }
    try (DiskFile there = target.open(had.name(), false);
        DiskFile here = source.set().disk().open(sorted.name(), false)) {
      if (there.size() != sorted.bytes()) {
        return false;
      }
      long tail = sorted.bytes() - FileTail.BYTES;
      for (long at = FileHead.BYTES; at < tail; at += Blocks.BLOCK_BYTES) {
        if (!sameAt(at, Blocks.HEADER_BYTES, here, there)) {
          return false;
        }
      }
      return sameAt(tail, FileTail.BYTES, here, there);
    }
  }

  private static boolean sameAt(long at, int bytes, DiskFile one, DiskFile other)
      throws IOException {
    return read(one, at, bytes).equals(read(other, at, bytes));
  }

  private static ByteBuffer read(DiskFile file, long at, int bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes);
    file.read(in, at);
    return in.flip();
  }

  private BackupFile copy(SortedFile sorted) throws IOException {
    String beside = sorted.head().besideName();
    target.delete(beside);
    CRC32C crc = new CRC32C();
    try (DiskFile from = source.set().disk().open(sorted.name(), false);
        DiskFile to = target.open(beside, true)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
      long unsynced = 0;
      for (long at = 0; at < sorted.bytes(); ) {
        from.read(buffer.clear(), at);
        buffer.flip();
        if (!buffer.hasRemaining()) {
          throw Damage.at(sorted.name(), at, "it has become shorter");
        }
        int bytes = buffer.remaining();
        crc.update(buffer.duplicate());
        to.write(buffer, at);
        at += bytes;
        unsynced += bytes;
        copied += bytes;
        progress.copied(copied, toCopy);
        if (unsynced >= SYNC_BYTES) {
          to.force();
          pace.wrote(unsynced);
          unsynced = 0;
        }
      }
      to.force();
      pace.wrote(unsynced);
    }
    target.rename(beside, sorted.name());
    // What was decayed here already must not become the only copy: each block is read and checked.
    SortedCheck.read(target, source.set().identity(), sorted.name(), pace);
    return new BackupFile(sorted.name(), sorted.bytes(), (int) crc.getValue());
  }

  private void removeOthers(BackupList list) throws IOException {
    for (String name : target.list()) {
      if (name.equals(Identity.BACKING_UP) || (isCopy(name) && list.file(name) == null)) {
        target.delete(name);
      }
    }
    target.force();
  }

  /**
   * Opens the files of a backup to be read.
   *
   * @throws StorageException if one is missing, has another length or is damaged
   */
  public static FileSet open(Disk disk, BackupList list) throws IOException {
    for (BackupFile file : list.files()) {
      String wrong = wrong(disk, file);
      if (wrong != null) {
        throw Damage.at(file.name(), 0, wrong);
      }
    }
    return FileSet.look(disk, list.identity(), list.names());
  }

  /**
   * Reads every byte of a file of a backup.
   *
   * @return how many records it has
   * @throws StorageException if it is not what the list says, naming file and offset
   */
  public static long check(Disk disk, BackupList list, String name) throws IOException {
    return check(disk, list, name, bytes -> {});
  }

  /**
   * The same.
   *
   * @param reached told now and then how many bytes have been read
   */
  public static long check(Disk disk, BackupList list, String name, LongConsumer reached)
      throws IOException {
    BackupFile said = list.file(name);
    if (said == null) {
      throw Damage.at(name, 0, "the backup's list does not name it");
    }
    long records = SortedCheck.read(disk, list.identity(), name, Pace.FREE, reached);
    if (crc(disk, name) != said.crc()) {
      throw Damage.at(name, 0, "its bytes are not those that were backed up");
    }
    return records;
  }

  private static int crc(Disk disk, String name) throws IOException {
    CRC32C crc = new CRC32C();
    try (DiskFile file = disk.open(name, false)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
      for (long at = 0; file.read(buffer.clear(), at) > 0; at += buffer.limit()) {
        crc.update(buffer.flip().duplicate());
      }
    }
    return (int) crc.getValue();
  }

  /** What is wrong with a file of a backup, as far as its length tells; null if nothing is. */
  public static @Nullable String wrong(Disk disk, BackupList list, String name) throws IOException {
    BackupFile file = list.file(name);
    return file == null ? "the backup's list does not name it" : wrong(disk, file);
  }

  private static @Nullable String wrong(Disk disk, BackupFile file) throws IOException {
    if (!disk.exists(file.name())) {
      return "the backup's list names it, and it is not there";
    }
    try (DiskFile opened = disk.open(file.name(), false)) {
      return opened.size() == file.length()
          ? null
          : "it has " + opened.size() + " bytes, and the backup's list says " + file.length();
    }
  }

  private static StorageException refused(String what) {
    return new StorageException(what, null, false, Applied.NO);
  }
}
