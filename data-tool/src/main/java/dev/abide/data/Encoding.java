package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.Schema.Component;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.spi.CborWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** JSON as {@link Values} gives it, back to the bytes that are stored, by one schema. */
final class Encoding {
  private final Schema schema;
  private final CborWriter out = new CborWriter();

  private Encoding(Schema schema) {
    this.schema = schema;
  }

  /**
   * The bytes of a value.
   *
   * @throws IllegalArgumentException with the reason, if the schema knows no such value
   */
  static byte[] encode(Schema schema, Part part, JsonNode json) {
    Encoding encoding = new Encoding(schema);
    try {
      encoding.write(part, json);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // What parsers of times and numbers throw; each has a message of its own.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return encoding.out.toBytes();
  }

  private void write(Part part, JsonNode json) {
    switch (part) {
      case Part.Scalar(String name) -> Scalars.write(name, out, json);
      case Part.ListOf(Part item) -> items(item, json);
      case Part.SetOf(Part item) -> items(item, json);
      case Part.OptionalOf(Part item) -> items(item, json);
      case Part.MapOf(Part key, Part value) -> {
        out.beginMap(array(json).size());
        for (JsonNode pair : json) {
          if (array(pair).size() != 2) {
            throw new IllegalArgumentException(pair + " is not a key and a value");
          }
          out.enter();
          write(key, pair.get(0));
          write(value, pair.get(1));
          out.leave();
        }
      }
      case Part.Of of -> defined(of, json);
    }
  }

  private void items(Part item, JsonNode json) {
    out.beginArray(array(json).size());
    for (JsonNode one : json) {
      out.enter();
      write(item, one);
      out.leave();
    }
  }

  private void defined(Part.Of of, JsonNode json) {
    switch (schema.type(of)) {
      case Schema.Type.OfEnum(String name, var constants) -> {
        String wanted = Scalars.text(json);
        out.writeInt(
            constants.stream()
                .filter(constant -> constant.name().equals(wanted))
                .findFirst()
                .orElseThrow(
                    () -> new IllegalArgumentException(name + " has no constant " + wanted))
                .number());
      }
      case Schema.Type.OfRecord(String name, var components) -> {
        Map<Integer, JsonNode> parts = parts(name, components, json);
        out.beginMap(parts.size());
        components(components, parts);
      }
      case Schema.Type.OfUnion(String name, var members) -> {
        if (object(json).size() != 1) {
          throw new IllegalArgumentException(json + " is not one member of " + name);
        }
        Map.Entry<String, JsonNode> only = json.properties().iterator().next();
        for (Schema.Member member : members) {
          if (member.name().equals(only.getKey())
              && member.part() instanceof Part.Of to
              && schema.type(to) instanceof Schema.Type.OfRecord(String own, var components)) {
            Map<Integer, JsonNode> parts = parts(own, components, only.getValue());
            out.beginMap(parts.size() + 1);
            out.writeInt(0);
            out.writeText(member.name());
            components(components, parts);
            return;
          }
        }
        throw new IllegalArgumentException(name + " has no member " + only.getKey());
      }
    }
  }

  /** By their numbers, ascending; those that are not there are not written. */
  private static Map<Integer, JsonNode> parts(
      String record, List<Component> components, JsonNode json) {
    Map<Integer, JsonNode> parts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> part : object(json).properties()) {
      Component component =
          components.stream()
              .filter(one -> one.name().equals(part.getKey()))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(record + " has no component " + part.getKey()));
      parts.put(component.number(), part.getValue());
    }
    for (Component component : components) {
      if (!component.optional() && !parts.containsKey(component.number())) {
        throw new IllegalArgumentException(
            "component " + component.name() + " of " + record + " is not there");
      }
    }
    return parts;
  }

  private void components(List<Component> components, Map<Integer, JsonNode> parts) {
    for (Component component : components) {
      JsonNode value = parts.get(component.number());
      if (value != null) {
        out.writeInt(component.number());
        out.enter();
        write(component.part(), value);
        out.leave();
      }
    }
  }

  private static JsonNode array(JsonNode json) {
    if (!json.isArray()) {
      throw new IllegalArgumentException(json + " is no array");
    }
    return json;
  }

  private static JsonNode object(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(json + " is no object");
    }
    return json;
  }
}
