package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.BackupList;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalFiles;
import dev.abide.engine.internal.journal.JournalSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a directory or backup that nobody has open consists of.
 *
 * @param backup whether it is a backup
 * @param last the last commit that can be read
 * @param damages what cannot, each naming file and offset; empty unless it was salvaged
 * @param lost shards whose state is not whole without it
 */
record Contents(
    Identity identity,
    boolean backup,
    FileSet files,
    long last,
    List<StorageException> damages,
    BitSet lost) {
  /**
   * All of it.
   *
   * @throws StorageException if anything is damaged
   */
  static Contents whole(Path directory, Disk disk) throws IOException {
    BackupList list = BackupList.read(disk);
    if (list != null) {
      FileSet files = Backup.open(disk, list);
      return new Contents(list.identity(), true, files, list.last(), List.of(), new BitSet());
    }
    Identity identity = Identity.find(disk);
    if (identity == null) {
      throw noIdentity(directory);
    }
    FileSet files = FileSet.look(disk, identity, disk.list());
    ShardsFile clean = ShardsFile.read(disk, identity.lineage());
    long least = clean == null ? 0 : clean.end().number();
    return withSegments(
        identity,
        files,
        JournalFiles.look(disk, identity, files.start(), least, commit -> {}),
        List.of(),
        new BitSet());
  }

  /**
   * What can be read of it: a file that cannot is left out, and of the journal what lies behind a
   * damage.
   *
   * @throws StorageException if nobody can say which objects it had
   */
  static Contents salvaged(Path directory, Disk disk) throws IOException {
    List<StorageException> damages = new ArrayList<>();
    BitSet lost = new BitSet();
    BackupList list = null;
    boolean backup = disk.exists(Identity.BACKUP);
    try {
      list = BackupList.read(disk);
    } catch (StorageException e) {
      damages.add(e);
    }
    List<String> names = list == null ? disk.list() : list.names();
    Identity identity =
        list == null ? identity(directory, disk, backup, names, damages) : list.identity();
    List<String> there = new ArrayList<>();
    for (String name : names) {
      String wrong = list == null ? null : Backup.wrong(disk, list, name);
      if (wrong == null) {
        there.add(name);
      } else {
        damages.add(Damage.at(name, 0, wrong));
      }
    }
    FileSet files = FileSet.salvage(disk, identity, there, damages::add, lost::set);
    if (backup) {
      return new Contents(identity, true, files, files.start().number(), damages, lost);
    }
    long least = 0;
    try {
      ShardsFile clean = ShardsFile.read(disk, identity.lineage());
      least = clean == null ? 0 : clean.end().number();
    } catch (StorageException e) {
      damages.add(e);
    }
    return withSegments(
        identity,
        files,
        JournalFiles.salvage(disk, identity, files.start(), least, damages::add),
        damages,
        lost);
  }

  private static Contents withSegments(
      Identity identity,
      FileSet files,
      List<JournalSegment> segments,
      List<StorageException> damages,
      BitSet lost) {
    files.segments(segments);
    long last = segments.isEmpty() ? files.start().number() : segments.getLast().last();
    return new Contents(identity, false, files, last, damages, lost);
  }

  /** That of the file, or, where it is damaged or gone, what runs and bases say of themselves. */
  private static Identity identity(
      Path directory, Disk disk, boolean backup, List<String> names, List<StorageException> damages)
      throws IOException {
    StorageException damage = null;
    @Nullable Identity identity = null;
    if (!backup) {
      if (disk.exists(Identity.RESTORING) || disk.exists(Identity.BACKING_UP)) {
        // Not damage: it never was complete.
        identity = Identity.find(disk);
      }
      try {
        identity = Identity.find(disk);
        damage = identity == null ? noIdentity(directory) : null;
      } catch (StorageException e) {
        damage = e;
      }
    }
    if (damage != null) {
      damages.add(damage);
    }
    if (identity == null) {
      identity = FileSet.identityOf(disk, names);
    }
    if (identity == null) {
      throw damage == null ? noIdentity(directory) : damage;
    }
    return identity;
  }

  private static StorageException noIdentity(Path directory) {
    return new StorageException(
        directory + " has no identity file; restore it from a copy of this directory",
        null,
        false,
        Applied.NO);
  }
}
