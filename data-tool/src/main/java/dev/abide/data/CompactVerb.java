package dev.abide.data;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drops the past that is older than a retention, and gives its space back. */
@Command(
    name = "compact",
    description = "drops the past that is older than the retention, and gives its space back")
final class CompactVerb extends Verb {
  @Option(
      names = "--retention",
      paramLabel = "TIME",
      description = "so far back every state is kept: PT24H, as engines have it, or PT0S")
  String retention = "PT24H";

  @Override
  public Integer call() throws IOException {
    CompactionOptions compaction = CompactionOptions.foldingAll(kept(), Long.MAX_VALUE);
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("compacted", directory.toString());
    var _ = look("Before", fact);
    try (Bar filling = new Bar("filling the store", DataDirectory.SHARDS);
        DiskStore store =
            open(
                directory,
                new StoreOptions(JournalOptions.standard(), compaction)
                    .telling(filling::reached))) {
      try (Bar _ = new Bar("compacting", -1)) {
        store.compact();
      }
    }
    if (troubles.get() > 0) {
      throw new IOException("not all could be compacted; what went wrong is said above");
    }
    Size now = look("Now", fact);
    say(
        fact,
        "compacted %s: runs and bases have %,d bytes; the oldest state is that after commit %d"
            .formatted(directory, now.bytes, now.oldest));
    return DONE;
  }

  private Duration kept() {
    try {
      Duration kept = Duration.parse(retention);
      if (!kept.isNegative()) {
        return kept;
      }
    } catch (DateTimeException e) {
      // Said below, with what it should be.
    }
    throw misuse("\"" + retention + "\" is no time to go back; give one like PT24H or PT0S");
  }

  /** Bytes of runs and bases, and the oldest state that can be had. */
  private record Size(long bytes, long oldest) {}

  private Size look(String when, Map<String, Object> fact) throws IOException {
    try (DataDirectory data = DataDirectory.open(directory)) {
      Size size = new Size(data.files().sortedBytes(), data.moments().oldest().number());
      fact.put("bytes" + when, size.bytes);
      fact.put("oldest" + when, size.oldest);
      return size;
    }
  }
}
