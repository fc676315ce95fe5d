package dev.abide.data;

import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists objects, shard by shard, so in no order. */
@Command(name = "objects", description = "lists objects: type and id, in no order")
final class Objects extends Verb {
  @Option(names = "--type", paramLabel = "TYPE", description = "of this type only")
  @Nullable String type;

  @Option(names = "--prefix", paramLabel = "P", description = "whose id begins so")
  String prefix = "";

  @Override
  public Integer call() throws IOException {
    boolean known = type == null;
    try (DataDirectory data = DataDirectory.open(directory);
        Bar bar = Bar.ofPrinting("reading shards", DataDirectory.SHARDS)) {
      for (int shard = 0; shard < DataDirectory.SHARDS; shard++) {
        try (State state = data.state(shard, data.moments().last())) {
          ObjectName before = null;
          while (state.next()) {
            ObjectName name = state.object();
            if (!name.equals(before)) {
              before = name;
              boolean ofType = type == null || name.type().equals(type);
              known |= ofType;
              if (ofType && !isReserved(name.type()) && name.id().startsWith(prefix)) {
                say(Map.of("type", name.type(), "id", name.id()), name.type() + " " + name.id());
              }
            }
          }
        }
        bar.reached(shard + 1);
      }
    }
    if (!known) {
      throw misuse("there is no object of type \"" + type + "\"");
    }
    return DONE;
  }
}
