package dev.abide.data;

import dev.abide.engine.internal.compaction.Past;
import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.store.DataDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints all changes of an object that are kept, oldest first. */
@Command(name = "history", description = "prints the changes of an object that are kept")
final class History extends Verb {
  @Parameters(index = "1", paramLabel = "TYPE", description = "the type's name")
  String type = "";

  @Parameters(index = "2", paramLabel = "ID", description = "the object's id")
  String id = "";

  @Override
  public Integer call() throws IOException {
    try (DataDirectory data = DataDirectory.open(directory)) {
      Map<byte[], List<Schema>> schemas = schemas(data, type, data.moments().last());
      List<Past.Version> versions = data.versions(data.name(type, id));
      if (versions.isEmpty()) {
        throw misuse("nothing is kept of an object " + type + " " + id);
      }
      for (Past.Version version :
          versions.stream().sorted(Comparator.comparingLong(Past.Version::number)).toList()) {
        String time = Instant.ofEpochMilli(data.moments().timeOf(version.number())).toString();
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("commit", version.number());
        fact.put("time", time);
        if (version.isRange()) {
          fact.putAll(Cleared.fact(schemas, version.key(), version.content()));
        } else {
          fact.putAll(Show.fact(schemas, version.key(), version.content()));
        }
        say(fact, Show.line(fact));
      }
    }
    return DONE;
  }
}
