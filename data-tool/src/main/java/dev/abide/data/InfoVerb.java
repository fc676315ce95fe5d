package dev.abide.data;

import dev.abide.engine.DirectoryInUseException;
import dev.abide.engine.internal.compaction.Moments.Moment;
import dev.abide.engine.internal.store.DataDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** Tells what a directory is; of one in use who has it. */
@Command(name = "info", description = "tells what a directory is, also of one in use")
final class InfoVerb extends Verb {
  @Override
  public Integer call() throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("directory", directory.toString());
    try (DataDirectory data = DataDirectory.open(directory)) {
      Moment newest = data.moments().newest();
      Moment oldest = data.moments().oldest();
      facts.put("kind", data.isBackup() ? "backup" : "directory");
      facts.put("lineage", "%016x".formatted(data.lineage()));
      facts.put("lastCommit", newest.number());
      facts.put("lastTime", Instant.ofEpochMilli(newest.timeMs()).toString());
      facts.put("oldestCommit", oldest.number());
      facts.put(
          "oldestTime",
          oldest.number() == 0
              ? "before the first commit"
              : Instant.ofEpochMilli(oldest.timeMs()).toString());
      facts.put("runsAndBases", data.files().sortedNames().size());
      facts.put("runsAndBasesBytes", data.files().sortedBytes());
      facts.put("segments", data.files().segments().size());
      Instant backup = data.lastBackup();
      facts.put("lastBackupBegun", backup == null ? "never" : backup.toString());
    } catch (DirectoryInUseException e) {
      facts.put("kind", "in use");
      facts.put("holder", String.valueOf(e.getMessage()));
    }
    if (json) {
      say(facts, "");
    } else {
      facts.forEach((name, value) -> out().printf("%-18s %s%n", name, value));
    }
    return DONE;
  }
}
