package dev.abide.data;

import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Backs up a directory that no engine has open; one that is open is backed up by its engine. */
@Command(name = "backup", description = "backs up a directory that no engine has open")
final class BackupVerb extends Verb {
  @Parameters(index = "1", paramLabel = "TO", description = "an earlier backup, or empty")
  @SuppressWarnings("NullAway.Init")
  Path to;

  @Override
  public Integer call() throws IOException {
    refuseItself(to);
    DataDirectory.open(directory).close();
    try (Bar filling = new Bar("filling the store", DataDirectory.SHARDS);
        DiskStore store = open(directory, keepingAll().telling(filling::reached));
        Bar copying = new Bar("backing up", -1)) {
      store.backup(to, copying::reached);
    }
    say(Map.of("backup", to.toString()), "backed up " + directory + " to " + to);
    return DONE;
  }
}
