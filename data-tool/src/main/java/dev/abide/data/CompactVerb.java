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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sorts what is not sorted, and drops the past that is older than a retention, which has to be
 * named: what the application keeps is not known here, and what was dropped by mistake is gone.
 */
@Command(
    name = "compact",
    description = "drops the past that is older than a retention, and gives its space back")
final class CompactVerb extends Verb {
  @Option(
      names = "--retention",
      paramLabel = "TIME",
      description =
          "so far back every state is kept: PT24H, as engines have it, or PT0S; without it nothing is dropped")
  @Nullable String retention;

  @Override
  public Integer call() throws IOException {
    String given = retention;
    StoreOptions options =
        given == null
            ? keepingAll()
            : new StoreOptions(
                JournalOptions.standard(),
                CompactionOptions.foldingAll(kept(given), Long.MAX_VALUE));
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("compacted", directory.toString());
    var _ = look("Before", fact);
    try (Bar filling = new Bar("filling the store", DataDirectory.SHARDS);
        DiskStore store = open(directory, options.telling(filling::reached))) {
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
        "compacted %s: runs and bases have %,d bytes; the oldest state is that after commit %d%s"
            .formatted(
                directory,
                now.bytes,
                now.oldest,
                given == null ? ". Nothing was dropped: --retention says what may be" : ""));
    return DONE;
  }

  private Duration kept(String given) {
    try {
      Duration kept = Duration.parse(given);
      if (!kept.isNegative()) {
        return kept;
      }
    } catch (DateTimeException e) {
      // Said below, with what it should be.
    }
    throw misuse("\"" + given + "\" is no time to go back; give one like PT24H or PT0S");
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
