package dev.abide.engine.internal.schema;

import dev.abide.engine.internal.schema.Schema.Component;
import dev.abide.engine.internal.schema.Schema.Constant;
import dev.abide.engine.internal.schema.Schema.Member;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.CborReader;
import dev.abide.engine.spi.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A schema record's value as CBOR; the form is final. {@code docs/internals/stored-format.md} draws
 * it.
 */
public final class SchemaCodec {
  private static final int FORMAT = 1;

  private static final int SCALAR = 0;
  private static final int LIST = 1;
  private static final int SET = 2;
  private static final int OPTIONAL = 3;
  private static final int MAP = 4;
  private static final int TYPE = 5;

  private static final int RECORD = 0;
  private static final int ENUM = 1;
  private static final int UNION = 2;

  private SchemaCodec() {}

  /** The value of a record. */
  public static byte[] encode(List<Schema> schemas) {
    CborWriter out = new CborWriter();
    out.beginArray(1 + schemas.size());
    out.writeInt(FORMAT);
    for (Schema schema : schemas) {
      out.beginArray(1 + schema.types().size());
      write(out, schema.root());
      schema.types().forEach(type -> write(out, type));
    }
    return out.toBytes();
  }

  private static void write(CborWriter out, Part part) {
    switch (part) {
      case Part.Scalar(String name) -> {
        begin(out, 2, SCALAR);
        out.writeText(name);
      }
      case Part.ListOf(Part item) -> {
        begin(out, 2, LIST);
        write(out, item);
      }
      case Part.SetOf(Part item) -> {
        begin(out, 2, SET);
        write(out, item);
      }
      case Part.OptionalOf(Part item) -> {
        begin(out, 2, OPTIONAL);
        write(out, item);
      }
      case Part.MapOf(Part key, Part value) -> {
        begin(out, 3, MAP);
        write(out, key);
        write(out, value);
      }
      case Part.Of(int type) -> {
        begin(out, 2, TYPE);
        out.writeInt(type);
      }
    }
  }

  private static void write(CborWriter out, Schema.Type type) {
    switch (type) {
      case Schema.Type.OfRecord(String name, List<Component> components) -> {
        begin(out, 3, RECORD);
        out.writeText(name);
        out.beginArray(components.size());
        for (Component one : components) {
          begin(out, 4, one.number());
          out.writeText(one.name());
          out.writeBoolean(one.optional());
          write(out, one.part());
        }
      }
      case Schema.Type.OfEnum(String name, List<Constant> constants) -> {
        begin(out, 3, ENUM);
        out.writeText(name);
        out.beginArray(constants.size());
        for (Constant one : constants) {
          begin(out, 2, one.number());
          out.writeText(one.name());
        }
      }
      case Schema.Type.OfUnion(String name, List<Member> members) -> {
        begin(out, 3, UNION);
        out.writeText(name);
        out.beginArray(members.size());
        for (Member one : members) {
          out.beginArray(2);
          out.writeText(one.name());
          write(out, one.part());
        }
      }
    }
  }

  private static void begin(CborWriter out, int items, int kind) {
    out.beginArray(items);
    out.writeInt(kind);
  }

  /**
   * Reads the value of a record, newest schema first.
   *
   * @throws CborException if it is none, or a newer release's
   */
  public static List<Schema> decode(byte[] bytes) {
    CborReader in = new CborReader(bytes);
    int count = in.beginArray() - 1;
    long format = in.readInt();
    if (format != FORMAT) {
      throw in.refuse(
          "the schema record has format " + format + ", and this release reads " + FORMAT);
    }
    List<Schema> schemas = items(count, () -> schema(in));
    in.end();
    return schemas;
  }

  private static Schema schema(CborReader in) {
    int types = in.beginArray() - 1;
    Part root = part(in, types);
    return new Schema(root, items(types, () -> type(in, types)));
  }

  private static Part part(CborReader in, int types) {
    int size = in.beginArray();
    int kind = (int) in.readInt(SCALAR, TYPE);
    if (size != (kind == MAP ? 3 : 2)) {
      throw in.refuse("a part of a schema has " + size + " items");
    }
    return switch (kind) {
      case SCALAR -> new Part.Scalar(in.readText());
      case LIST -> new Part.ListOf(nested(in, types));
      case SET -> new Part.SetOf(nested(in, types));
      case OPTIONAL -> new Part.OptionalOf(nested(in, types));
      case MAP -> new Part.MapOf(nested(in, types), nested(in, types));
      default -> new Part.Of((int) in.readInt(0, types - 1L));
    };
  }

  /** One level deeper: what claims to be nested without end must not take the stack. */
  private static Part nested(CborReader in, int types) {
    in.enter("[]");
    Part part = part(in, types);
    in.leave();
    return part;
  }

  private static Schema.Type type(CborReader in, int types) {
    in.beginArray(3);
    int kind = (int) in.readInt(RECORD, UNION);
    String name = in.readText();
    return switch (kind) {
      case RECORD ->
          new Schema.Type.OfRecord(
              name,
              items(
                  in.beginArray(),
                  () -> {
                    in.beginArray(4);
                    return new Component(
                        (int) in.readInt(1, Integer.MAX_VALUE),
                        in.readText(),
                        in.readBoolean(),
                        part(in, types));
                  }));
      case ENUM ->
          new Schema.Type.OfEnum(
              name,
              items(
                  in.beginArray(),
                  () -> {
                    in.beginArray(2);
                    return new Constant((int) in.readInt(1, Integer.MAX_VALUE), in.readText());
                  }));
      default ->
          new Schema.Type.OfUnion(
              name,
              items(
                  in.beginArray(),
                  () -> {
                    in.beginArray(2);
                    return new Member(in.readText(), part(in, types));
                  }));
    };
  }

  private static <T> List<T> items(int count, Supplier<T> read) {
    List<T> items = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      items.add(read.get());
    }
    return List.copyOf(items);
  }
}
