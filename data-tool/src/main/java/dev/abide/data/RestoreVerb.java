package dev.abide.data;

import dev.abide.engine.internal.store.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a state, the last one or a past one, to an empty directory. */
@Command(
    name = "restore",
    description = "writes the state of a backup or a directory to an empty directory")
final class RestoreVerb extends Verb {
  @Parameters(index = "1", paramLabel = "TO", description = "an empty directory; made if need be")
  @SuppressWarnings("NullAway.Init")
  Path to;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = "after the last commit at that instant, or after the commit with that number")
  @Nullable String when;

  @Option(
      names = "--salvage",
      description = "of a damaged directory: the last state that all files agree on")
  boolean salvage;

  @Override
  public Integer call() throws IOException {
    refuseItself(to);
    long number;
    try (DataDirectory data = opened(salvage);
        Bar bar = new Bar("restoring", DataDirectory.SHARDS)) {
      number = number(data, when);
      data.restore(to, number, bar::reached);
    }
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("restored", to.toString());
    fact.put("commit", number);
    say(fact, "restored " + to + " to the state after commit " + number);
    return DONE;
  }
}
