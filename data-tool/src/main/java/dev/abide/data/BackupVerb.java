package dev.abide.data;

import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Backs up a directory that no engine has open; one that is open is backed up by its engine. */
@Command(name = "backup", description = "backs up a directory that no engine has open")
final class BackupVerb extends Verb {
  /** Nothing of the past is dropped: the application's own retention is not known here. */
  private static final StoreOptions KEEPING_ALL =
      StoreOptions.of(Duration.ofMinutes(1), Duration.ofDays(36_500), Long.MAX_VALUE);

  @Parameters(index = "1", paramLabel = "TO", description = "an earlier backup, or empty")
  @SuppressWarnings("NullAway.Init")
  Path to;

  @Override
  public Integer call() throws IOException {
    DataDirectory.open(directory).close();
    try (DiskStore store =
        DiskStore.open(directory, KEEPING_ALL, failed -> {}, (what, cause) -> {})) {
      store.backup(to);
    }
    say(Map.of("backup", to.toString()), "backed up " + directory + " to " + to);
    return DONE;
  }
}
