package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.SchemaCodec;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.spi.CborException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What all verbs have: a directory, JSON on demand, and one line for what goes wrong. */
abstract class Verb implements Callable<Integer> {
  static final int DONE = 0;
  static final int DAMAGED = 3;
  static final int FAILED = 1;

  private static final Duration APPEND_WAIT_MAX = Duration.ofMinutes(1);

  /** Numbers keep all their digits. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "the directory, or a backup of one")
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Option(names = "--json", description = "prints JSON, one value a line")
  boolean json;

  /** How many things went wrong in a directory that this has open. */
  final AtomicInteger troubles = new AtomicInteger();

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

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** The engine's own objects are not the application's. */
  static boolean isReserved(String type) {
    return type.startsWith("\u0001");
  }

  /** A directory that is whole, or what can be read of one that is not. */
  final DataDirectory opened(boolean salvage) throws IOException {
    DataDirectory data = salvage ? DataDirectory.salvage(directory) : DataDirectory.open(directory);
    data.damages().forEach(damage -> err().println("abide data: " + damage.getMessage()));
    return data;
  }

  /** Nothing of the past is dropped: the application's own retention is not known here. */
  static StoreOptions keepingAll() {
    return StoreOptions.of(APPEND_WAIT_MAX, Duration.ofDays(36_500), Long.MAX_VALUE, true);
  }

  /** Opens a directory as an engine does; what goes wrong meanwhile is told at once. */
  final DiskStore open(Path where, StoreOptions options) {
    return DiskStore.open(
        where,
        options,
        failed -> err().println("abide data: " + failed.getMessage()),
        (what, cause) -> {
          err().println("abide data: " + what);
          if (cause != null) {
            troubles.incrementAndGet();
          }
        });
  }

  /** The target is what is written to; it cannot be the directory itself. */
  final void refuseItself(Path target) throws IOException {
    if (Files.exists(target) && Files.exists(directory) && Files.isSameFile(target, directory)) {
      throw misuse(target + " is the directory itself; choose another target");
    }
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
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
