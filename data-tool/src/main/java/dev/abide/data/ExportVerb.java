package dev.abide.data;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Moments.Moment;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.SchemaCodec;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints all objects as JSON lines, which {@link ImportVerb} reads. */
@Command(
    name = "export",
    description =
        "prints objects as JSON, an entry a line, to be read by import and by other tools")
final class ExportVerb extends Verb {
  @Option(names = "--type", paramLabel = "TYPE", description = "of this type only")
  @Nullable String type;

  @Option(names = "--prefix", paramLabel = "P", description = "whose id begins so")
  String prefix = "";

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = "after the last commit at that instant, or after the commit with that number")
  @Nullable String when;

  @Option(
      names = "--salvage",
      description = "of a damaged directory: what can be read; the exit code is then 3")
  boolean salvage;

  private final List<Integer> cut = new ArrayList<>();
  private final Map<String, Map<byte[], List<Schema>>> schemas = new HashMap<>();
  private long objects;
  private long entries;

  @Override
  public Integer call() throws IOException {
    boolean damaged;
    try (DataDirectory data = opened(salvage);
        Bar bar = Bar.ofPrinting("exporting", DataDirectory.SHARDS)) {
      long number = number(data, when);
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("abide", "export");
      head.put("format", ExportFile.FORMAT);
      head.put("lastCommit", number);
      Moment moment = new Moment(number, data.moments().timeOf(number));
      head.put("lastTime", Instant.ofEpochMilli(moment.timeMs()).toString());
      line(text(head));
      for (int shard = 0; shard < DataDirectory.SHARDS; shard++) {
        shard(data, shard, number);
        bar.reached(shard + 1);
      }
      damaged = !cut.isEmpty() || !data.damages().isEmpty();
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("end", true);
      end.put("objects", objects);
      end.put("entries", entries);
      if (damaged) {
        end.put("shardsThatAreNotWhole", cut);
      }
      line(text(end));
    }
    refuseLostOutput();
    return damaged ? DAMAGED : DONE;
  }

  /** How many objects of a shard are to be printed: all, or those before a damage. */
  private long readable(DataDirectory data, int shard, long number) throws IOException {
    if (!salvage) {
      return Long.MAX_VALUE;
    }
    Verify.Extent readable = Verify.Extent.of(data, shard, number);
    if (!readable.whole()) {
      cut.add(shard);
      err().println("abide data: " + readable.damage());
    }
    return readable.whole() ? Long.MAX_VALUE : readable.objects();
  }

  private void shard(DataDirectory data, int shard, long number) throws IOException {
    long left = readable(data, shard, number);
    if (left == 0) {
      return;
    }
    ObjectName any = null;
    ObjectName before = null;
    try (State state = data.state(shard, number)) {
      while (state.next()) {
        ObjectName name = state.object();
        if (isReserved(name.type())) {
          continue;
        }
        if (!name.equals(any)) {
          any = name;
          if (left-- == 0) {
            break;
          }
        }
        if ((type != null && !name.type().equals(type)) || !name.id().startsWith(prefix)) {
          continue;
        }
        if (!name.equals(before)) {
          before = name;
          objects++;
          describe(data, name.type(), number);
        }
        entries++;
        EntryLine entry = new EntryLine(name.type(), name.id(), state.key(), state.value());
        line(entry.text(of -> schemas.getOrDefault(of, Map.of())));
      }
    }
    refuseLostOutput();
  }

  /** What is said of a type, before its first object. */
  private void describe(DataDirectory data, String of, long number) throws IOException {
    if (schemas.containsKey(of)) {
      return;
    }
    Map<byte[], List<Schema>> known = known(data, of, number);
    schemas.put(of, known);
    known.forEach((head, forms) -> {
      if (forms.isEmpty()) {
        // Of a newer release: said by nothing rather than by a line that would take its place.
        return;
      }
      Place place = Place.of(head);
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("schema", of);
      fact.put(place.kind(), place.name());
      fact.put("bytes", EntryLine.base64(SchemaCodec.encode(forms)));
      line(text(fact));
    });
  }

  private Map<byte[], List<Schema>> known(DataDirectory data, String of, long number)
      throws IOException {
    try {
      return schemas(data, of, number);
    } catch (StorageException e) {
      if (!salvage) {
        throw e;
      }
      // Without them values are bytes, and no worse.
      err().println("abide data: " + e.getMessage());
      return Map.of();
    }
  }

  private void line(String line) {
    out().write(line);
    out().write('\n');
  }

  /** A writer keeps errors for itself: a full disk, or a reader that went away. */
  private void refuseLostOutput() throws IOException {
    if (out().checkError()) {
      throw new IOException("the output could not be written; what came out is not whole");
    }
  }
}
