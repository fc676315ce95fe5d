package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.CborReader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stored values as JSON has them, by their schemas; without one that fits, their bytes. */
final class Values {
  private Values() {}

  /** The value of a cell or map, by the first schema that fits; else its bytes. */
  static Object read(List<Schema> schemas, boolean ofMap, byte[] bytes) {
    Object value = find(schemas, ofMap, bytes);
    return value == null ? Map.of("cbor", HexFormat.of().formatHex(bytes)) : value;
  }

  /** What a schema says of values. */
  static Part valuePart(Schema schema, boolean ofMap) {
    Part root = schema.root();
    return ofMap && root instanceof Part.MapOf(Part _, Part value) ? value : root;
  }

  /** The same as {@link #read}; null if no schema fits. */
  static @Nullable Object find(List<Schema> schemas, boolean ofMap, byte[] bytes) {
    for (Schema schema : schemas) {
      Part root = valuePart(schema, ofMap);
      try {
        CborReader in = new CborReader(bytes);
        Object value = read(schema, root, in);
        in.end();
        return value;
      } catch (CborException e) {
        // Written when the type was another: an older schema follows, or the bytes are shown.
      }
    }
    return null;
  }

  private static Object read(Schema schema, Part part, CborReader in) {
    return switch (part) {
      case Part.Scalar(String name) -> Scalars.read(name, in);
      case Part.ListOf(Part item) -> items(schema, item, in);
      case Part.SetOf(Part item) -> items(schema, item, in);
      case Part.OptionalOf(Part item) -> items(schema, item, in);
      case Part.MapOf(Part key, Part value) -> {
        List<Object> pairs = new ArrayList<>();
        for (int n = in.beginMap(); n > 0; n--) {
          in.enter("{}");
          Object one = read(schema, key, in);
          pairs.add(List.of(one, read(schema, value, in)));
          in.leave();
        }
        yield pairs;
      }
      case Part.Of of -> defined(schema, of, in);
    };
  }

  private static List<Object> items(Schema schema, Part item, CborReader in) {
    List<Object> items = new ArrayList<>();
    for (int n = in.beginArray(); n > 0; n--) {
      in.enter("[]");
      items.add(read(schema, item, in));
      in.leave();
    }
    return items;
  }

  private static Object defined(Schema schema, Part.Of of, CborReader in) {
    return switch (schema.type(of)) {
      case Schema.Type.OfEnum(String name, var constants) -> {
        long number = in.readInt();
        for (Schema.Constant constant : constants) {
          if (constant.number() == number) {
            yield constant.name();
          }
        }
        throw in.refuse(name + " has no constant " + number);
      }
      case Schema.Type.OfRecord type -> components(schema, type, in, in.beginMap());
      case Schema.Type.OfUnion(String name, var members) -> {
        int entries = in.beginMap();
        String member = in.readMember(entries);
        for (Schema.Member one : members) {
          if (one.name().equals(member)
              && one.part() instanceof Part.Of to
              && schema.type(to) instanceof Schema.Type.OfRecord type) {
            yield Map.of(member, components(schema, type, in, entries - 1));
          }
        }
        throw in.refuse(name + " has no member " + member);
      }
    };
  }

  private static Map<String, Object> components(
      Schema schema, Schema.Type.OfRecord type, CborReader in, int entries) {
    Map<String, Object> read = new LinkedHashMap<>();
    int number = 0;
    for (int left = entries; left > 0; left--) {
      number = in.readNumber(number);
      Schema.Component component = component(type, number, in);
      in.enter("." + component.name());
      read.put(component.name(), read(schema, component.part(), in));
      in.leave();
    }
    return read;
  }

  private static Schema.Component component(Schema.Type.OfRecord type, int number, CborReader in) {
    for (Schema.Component component : type.components()) {
      if (component.number() == number) {
        return component;
      }
    }
    throw in.refuse(type.name() + " has no component " + number);
  }
}
