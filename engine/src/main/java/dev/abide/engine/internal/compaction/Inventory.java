package dev.abide.engine.internal.compaction;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runs and bases that count when a directory is opened. Of two bases of a shard the newer one
 * counts; a run that a wider one covers, or all bases, does not. What is left must cover each
 * shard's numbers without a gap.
 *
 * @param runs in the order of their numbers, each going on where the one before ends
 * @param bases by shard; null where there is none
 * @param useless names of files that others cover, or that were never finished
 */
@SuppressWarnings("ArrayRecordComponent")
record Inventory(List<SortedFile> runs, @Nullable SortedFile[] bases, List<String> useless) {
  static Inventory take(Disk disk, Identity identity) throws IOException {
    List<SortedFile> found = new ArrayList<>();
    List<String> useless = new ArrayList<>();
    for (String name : disk.list()) {
      if (FileHead.isName(name)) {
        found.add(SortedFile.open(disk, identity, name));
      } else if (FileHead.isBeside(name)) {
        useless.add(name);
      }
    }
    @Nullable SortedFile[] bases = bases(found);
    List<SortedFile> runs = runs(found, lowest(bases));
    checkGaps(runs, bases);

    List<SortedFile> needed = new ArrayList<>(runs);
    for (SortedFile base : bases) {
      if (base != null) {
        needed.add(base);
      }
    }
    found.removeAll(needed);
    found.forEach(file -> useless.add(file.name()));
    return new Inventory(runs, bases, useless);
  }

  /** The same among these files. */
  static Inventory look(Disk disk, Identity identity, List<String> names) throws IOException {
    List<SortedFile> found = new ArrayList<>();
    for (String name : names) {
      if (FileHead.isName(name)) {
        found.add(SortedFile.open(disk, identity, name));
      }
    }
    @Nullable SortedFile[] bases = bases(found);
    List<SortedFile> runs = runs(found, lowest(bases));
    checkGaps(runs, bases);
    return new Inventory(runs, bases, List.of());
  }

  /**
   * The same as far as files can be read: the longest row of runs from the oldest one on, and all
   * bases. What a shard lacks is seen by its numbers, see {@link #isWhole}.
   *
   * @param damage told of each file that cannot be read, and of a gap
   */
  static Inventory salvage(
      Disk disk, Identity identity, List<String> names, Consumer<StorageException> damage)
      throws IOException {
    List<SortedFile> found = new ArrayList<>();
    for (String name : names) {
      if (FileHead.isName(name)) {
        try {
          found.add(SortedFile.open(disk, identity, name));
        } catch (StorageException e) {
          damage.accept(e);
        }
      }
    }
    @Nullable SortedFile[] bases = bases(found);
    List<SortedFile> row = new ArrayList<>();
    for (SortedFile run : runs(found, lowest(bases))) {
      if (!row.isEmpty() && run.first() != row.getLast().last() + 1) {
        damage.accept(gap(run, row.getLast().last() + 1, run.first() - 1));
        break;
      }
      row.add(run);
    }
    return new Inventory(row, bases, List.of());
  }

  /** Whether base and runs of a shard cover its numbers up to the end of all. */
  boolean isWhole(int shard) {
    SortedFile base = bases[shard];
    long covered = base == null ? 0 : base.last();
    if (!runs.isEmpty()) {
      return runs.getFirst().first() <= covered + 1 && covered <= runs.getLast().last();
    }
    for (SortedFile other : bases) {
      if (other != null && other.last() > covered) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable SortedFile[] bases(List<SortedFile> found) {
    @Nullable SortedFile[] bases = new @Nullable SortedFile[FileTail.SHARDS];
    for (SortedFile file : found) {
      if (!file.head().isRun()) {
        SortedFile other = bases[file.head().shard()];
        if (other == null || other.last() < file.last()) {
          bases[file.head().shard()] = file;
        }
      }
    }
    return bases;
  }

  /** The number that all shards' bases cover. */
  static long lowest(@Nullable SortedFile[] bases) {
    long lowest = Long.MAX_VALUE;
    for (SortedFile base : bases) {
      lowest = Math.min(lowest, base == null ? 0 : base.last());
    }
    return lowest;
  }

  private static List<SortedFile> runs(List<SortedFile> found, long basesTo) {
    List<SortedFile> all =
        found.stream()
            .filter(file -> file.head().isRun() && file.last() > basesTo)
            .sorted(
                Comparator.comparingLong(SortedFile::first)
                    .thenComparing(Comparator.comparingLong(SortedFile::last).reversed()))
            .toList();
    List<SortedFile> runs = new ArrayList<>();
    for (SortedFile run : all) {
      if (runs.isEmpty() || run.last() > runs.getLast().last()) {
        runs.add(run);
      }
    }
    return runs;
  }

  private static void checkGaps(List<SortedFile> runs, @Nullable SortedFile[] bases) {
    long covered = lowest(bases);
    for (int i = 0; i < runs.size(); i++) {
      SortedFile run = runs.get(i);
      if (i == 0 ? run.first() > covered + 1 : run.first() != covered + 1) {
        throw gap(run, covered + 1, run.first() - 1);
      }
      covered = run.last();
    }
    for (SortedFile base : bases) {
      if (base != null && base.last() > covered) {
        throw gap(base, covered + 1, base.last());
      }
    }
  }

  private static StorageException gap(SortedFile file, long from, long to) {
    return Damage.at(
        file.name(),
        0,
        to < from
            ? "it overlaps another run, and neither covers the other"
            : "commits " + from + " to " + to + " before it are in no file that is there");
  }
}
