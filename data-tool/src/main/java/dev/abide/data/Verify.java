package dev.abide.data;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.store.DataDirectory;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Reads every byte and says which files are damaged. */
@Command(name = "verify", description = "reads every byte, and says which files are damaged")
final class Verify extends Verb {
  @Override
  public Integer call() throws IOException {
    int damaged = 0;
    // Segments are read, and each commit checked, by the open.
    try (DataDirectory data = DataDirectory.open(directory)) {
      for (String name : data.sortedNames()) {
        try {
          long records = data.check(name);
          say(Map.of("file", name, "records", records), name + ": " + records + " records");
        } catch (StorageException e) {
          damaged++;
          String what = String.valueOf(e.getMessage());
          say(Map.of("file", name, "damage", what), name + ": " + what);
        }
      }
      long last = data.moments().last();
      say(
          Map.of("damaged", damaged, "lastCommit", last),
          damaged == 0
              ? "whole, up to commit " + last
              : damaged
                  + " damaged; restore from a backup. What other files hold can still be shown");
    }
    return damaged == 0 ? DONE : DAMAGED;
  }
}
