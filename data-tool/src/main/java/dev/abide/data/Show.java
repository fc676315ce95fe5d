package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what an object has, or had. */
@Command(name = "show", description = "prints what an object has, or had")
final class Show extends Verb {
  @Parameters(index = "1", paramLabel = "TYPE", description = "the type's name")
  String type = "";

  @Parameters(index = "2", paramLabel = "ID", description = "the object's id")
  String id = "";

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = "after the last commit at that instant, or after the commit with that number")
  @Nullable String when;

  @Override
  public Integer call() throws IOException {
    try (DataDirectory data = DataDirectory.open(directory)) {
      long number = number(data, when);
      Map<byte[], List<Schema>> schemas = schemas(data, type, number);
      List<Entry> entries = data.entries(data.name(type, id), number);
      if (entries.isEmpty()) {
        throw misuse("there is no object " + type + " " + id + " after commit " + number);
      }
      for (Entry entry : entries) {
        Map<String, Object> fact = fact(schemas, entry.key(), entry.value());
        say(fact, line(fact));
      }
    }
    return DONE;
  }

  static Map<String, Object> fact(
      Map<byte[], List<Schema>> schemas, byte[] key, byte @Nullable [] value) {
    Place place = Place.of(key);
    List<Schema> known = schemas.getOrDefault(place.head(), List.of());
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put(place.kind(), place.name());
    if (place.isMap()) {
      fact.put("key", place.keyText(known));
    }
    if (value == null) {
      fact.put("deleted", true);
    } else if (place.kind().equals("alarm")) {
      fact.put("due", AlarmIndex.time(ByteBuffer.wrap(value)).toString());
    } else {
      fact.put("value", Values.read(known, place.isMap(), value));
    }
    return fact;
  }

  static String line(Map<String, Object> fact) {
    StringBuilder line = new StringBuilder();
    fact.forEach((name, value) -> {
      boolean plain = name.equals("cell") || name.equals("map") || name.equals("alarm");
      line.append(line.isEmpty() ? "" : " ")
          .append(
              plain
                  ? name + " " + value
                  : name.equals("value") ? "= " + text(value) : name + " " + value);
    });
    return line.toString();
  }
}
