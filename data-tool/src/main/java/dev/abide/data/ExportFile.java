package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.SchemaCodec;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.spi.CborException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An export that is read: the line that says what it is, lines of schemas and entries, and the line
 * that says that nothing was cut off.
 */
final class ExportFile {
  static final int FORMAT = 1;

  /** Who gets what is in it; told in the order of the lines. */
  interface Sink {
    /** A line of a schema. */
    void schema(String type, byte[] head, List<Schema> schemas) throws IOException;

    /** A line of an entry. */
    void entry(EntryLine line, long number) throws IOException;

    /** So many characters were read. */
    void reached(long characters);
  }

  private final Path file;
  private final Sink sink;
  private final Map<String, Map<byte[], List<Schema>>> schemas = new HashMap<>();
  private boolean ended;

  private ExportFile(Path file, Sink sink) {
    this.file = file;
    this.sink = sink;
  }

  /**
   * Reads a file from its beginning to its end.
   *
   * @throws IllegalArgumentException if a line is none, naming it
   */
  static void read(Path file, Sink sink) throws IOException {
    new ExportFile(file, sink).read();
  }

  private void read() throws IOException {
    long number = 0;
    long characters = 0;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        characters += line.length() + 1;
        line(line, number);
        sink.reached(characters);
      }
    } catch (CharacterCodingException e) {
      throw wrong(number + 1, "it is not UTF-8", e);
    }
    if (!ended) {
      throw new IllegalArgumentException(
          file
              + " has no line {\"end\":true,...} at its end: it was cut off; export once"
              + " more");
    }
  }

  private void line(String text, long number) throws IOException {
    try {
      JsonNode line = Verb.json(text);
      if (!line.isObject()) {
        throw new IllegalArgumentException("it is no JSON object");
      }
      if (number == 1) {
        begin(line);
      } else if (ended) {
        throw new IllegalArgumentException("it follows the line that ends the export");
      } else if (line.has("end")) {
        ended = true;
      } else if (line.has("schema")) {
        schema(line);
      } else {
        EntryLine entry = EntryLine.parse(line, type -> schemas.getOrDefault(type, Map.of()));
        sink.entry(entry, number);
      }
    } catch (JacksonException e) {
      throw wrong(number, "it is no JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | CborException e) {
      throw wrong(number, String.valueOf(e.getMessage()), e);
    }
  }

  private static void begin(JsonNode line) {
    if (!line.path("abide").asString("").equals("export")) {
      throw new IllegalArgumentException("an export begins with {\"abide\":\"export\",...}");
    }
    int format = line.path("format").asInt(-1);
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "it has format "
              + format
              + ", and this release reads "
              + FORMAT
              + "; use a newer release, or export once more");
    }
  }

  private void schema(JsonNode line) throws IOException {
    String type = EntryLine.text(line, "schema");
    byte[] head =
        line.has("map")
            ? StorageKeys.map(EntryLine.text(line, "map"))
            : StorageKeys.cell(EntryLine.text(line, "cell"));
    List<Schema> read = SchemaCodec.decode(EntryLine.bytes(line, "bytes"));
    schemas.computeIfAbsent(type, name -> new TreeMap<>(Arrays::compareUnsigned)).put(head, read);
    sink.schema(type, head, read);
  }

  private IllegalArgumentException wrong(long line, String what, Exception cause) {
    return new IllegalArgumentException(file + ", line " + line + ": " + what, cause);
  }
}
