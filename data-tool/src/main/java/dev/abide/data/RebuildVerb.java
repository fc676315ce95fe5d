package dev.abide.data;

import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * Makes the maps anew from the journal, and closes the directory so that the next open is quick.
 */
@Command(
    name = "rebuild",
    description = "makes the store's maps anew from the journal, so that the next open is quick")
final class RebuildVerb extends Verb {
  @Override
  public Integer call() throws IOException {
    DataDirectory.open(directory).close();
    long last;
    try (Bar bar = new Bar("filling the store", DataDirectory.SHARDS);
        DiskStore store = open(directory, keepingAll().rebuilding().telling(bar::reached))) {
      last = store.last();
    }
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("rebuilt", directory.toString());
    fact.put("lastCommit", last);
    say(fact, "rebuilt the store of " + directory + " up to commit " + last);
    return DONE;
  }
}
