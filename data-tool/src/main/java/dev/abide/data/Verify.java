package dev.abide.data;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;

/**
 * Reads every byte of the journal, of which the store's maps can be made anew; says which files are
 * damaged and where, and what can be saved.
 */
@Command(
    name = "verify",
    description =
        "reads every byte of the journal, and says which files are damaged and what can be saved")
final class Verify extends Verb {
  @Override
  public Integer call() throws IOException {
    try (DataDirectory data = DataDirectory.salvage(directory)) {
      Set<String> damages = new LinkedHashSet<>();
      data.damages().forEach(damage -> damaged(damage, damages));
      List<String> names = data.sortedNames();
      // By bytes: most of a directory may be one base.
      long all = 0;
      for (String name : names) {
        all += data.bytes(name);
      }
      try (Bar bar = new Bar("reading files", all)) {
        long done = 0;
        for (String name : names) {
          file(data, name, damages, bar, done);
          done += data.bytes(name);
          bar.reached(done);
        }
      }
      long last = data.moments().last();
      if (damages.isEmpty()) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("damaged", 0);
        fact.put("lastCommit", last);
        say(fact, "whole, up to commit " + last);
        return DONE;
      }
      saved(data, last, damages.size());
    }
    return DAMAGED;
  }

  private void file(DataDirectory data, String name, Set<String> damages, Bar bar, long before)
      throws IOException {
    try {
      long records = data.check(name, bytes -> bar.reached(before + bytes));
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("file", name);
      fact.put("records", records);
      say(fact, name + ": " + records + " records");
    } catch (StorageException e) {
      damaged(e, damages);
    }
  }

  private void damaged(StorageException damage, Set<String> damages) {
    String what = String.valueOf(damage.getMessage());
    if (damages.add(what)) {
      say(Map.of("damage", what), "damaged: " + what);
    }
  }

  /** Reads all shards as far as they can be, and says what to do with them. */
  private void saved(DataDirectory data, long last, int damaged) throws IOException {
    long objects = 0;
    List<Integer> cut = new ArrayList<>();
    try (Bar bar = new Bar("reading shards", DataDirectory.SHARDS)) {
      for (int shard = 0; shard < DataDirectory.SHARDS; shard++) {
        Extent readable = Extent.of(data, shard, last);
        objects += readable.objects();
        if (!readable.whole()) {
          cut.add(shard);
        }
        bar.reached(shard + 1);
      }
    }
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("damaged", damaged);
    fact.put("lastCommit", last);
    fact.put("objectsThatCanBeRead", objects);
    fact.put("shardsThatAreNotWhole", cut);
    String then =
        cut.isEmpty()
            ? "all objects can be read as they were after commit %,d: restore --salvage makes a directory of that"
                .formatted(last)
            : "as they were after commit %,d, %,d objects can be read, and %d of %d shards not to their ends: export --salvage saves those objects"
                .formatted(last, objects, cut.size(), DataDirectory.SHARDS);
    say(fact, then + ". A backup that is whole is better: see docs/operations.md");
  }

  /**
   * How far a shard can be read.
   *
   * @param objects so many, one behind the other, are whole
   * @param whole whether these are all
   */
  record Extent(long objects, boolean whole, String damage) {
    static Extent of(DataDirectory data, int shard, long number) throws IOException {
      long objects = 0;
      ObjectName before = null;
      try (State state = data.state(shard, number)) {
        while (state.next()) {
          ObjectName name = state.object();
          if (!name.equals(before)) {
            objects += before == null || isReserved(before.type()) ? 0 : 1;
            before = name;
          }
        }
        objects += before == null || isReserved(before.type()) ? 0 : 1;
        return new Extent(objects, true, "");
      } catch (StorageException e) {
        return new Extent(objects, false, String.valueOf(e.getMessage()));
      }
    }
  }
}
