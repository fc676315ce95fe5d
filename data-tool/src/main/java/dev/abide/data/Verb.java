package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.SchemaCodec;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.spi.CborException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/** What all verbs have: a directory, JSON on demand, and one line for what goes wrong. */
abstract class Verb implements Callable<Integer> {
  static final int DONE = 0;
  static final int DAMAGED = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "the directory, or a backup of one")
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Option(names = "--json", description = "prints JSON, one value a line")
  boolean json;

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Prints a fact: a line of JSON, or of text. */
  final void say(Map<String, ?> fact, String text) {
    out().println(json ? JSON.writeValueAsString(fact) : text);
  }

  static String text(Object value) {
    return JSON.writeValueAsString(value);
  }

  /** A commit number, or an instant that leads to one; without either the last commit. */
  final long number(DataDirectory data, @Nullable String when) throws IOException {
    long last = data.moments().last();
    if (when == null) {
      return last;
    }
    if (when.matches("\\d{1,18}")) {
      long number = Long.parseLong(when);
      if (number > last) {
        throw misuse("there is no commit " + number + "; the last one is " + last);
      }
      return number;
    }
    try {
      return data.numberAt(Instant.parse(when));
    } catch (DateTimeException e) {
      throw misuse(
          "\""
              + when
              + "\" is no time; give one like 2026-11-27T03:00:00Z, or the number of a commit");
    }
  }

  final ParameterException misuse(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** What is known of the cells and maps of a type of objects. */
  static Map<byte[], List<Schema>> schemas(DataDirectory data, String type, long number)
      throws IOException {
    Map<byte[], List<Schema>> all = new TreeMap<>(Arrays::compareUnsigned);
    for (Entry entry : data.entries(data.name(SchemaRecords.TYPE, type), number)) {
      try {
        all.put(entry.key(), SchemaCodec.decode(entry.value()));
      } catch (CborException e) {
        // A newer release's: values are printed as bytes.
        all.put(entry.key(), List.of());
      }
    }
    return all;
  }
}
