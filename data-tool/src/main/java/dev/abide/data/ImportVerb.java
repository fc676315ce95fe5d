package dev.abide.data;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.SchemaCodec;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Adds the objects of an export to a directory. The file is read twice: to its end before anything
 * is written, so that a file that is wrong changes nothing, and once more to write it.
 */
@Command(
    name = "import",
    description = "adds the objects of an export to a directory, which is made if it is not there")
final class ImportVerb extends Verb {
  private static final KeyRange ALL = new KeyRange(new byte[0], null);
  private static final int COMMIT_BYTES = 4 << 20;
  private static final int KEY_BYTES_MAX = 2_048;

  @Parameters(index = "1", paramLabel = "FILE", description = "what export printed")
  @SuppressWarnings("NullAway.Init")
  Path file;

  @Option(
      names = "--replace",
      description = "objects that are there already are replaced as a whole; else they are refused")
  boolean replace;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw misuse("there is no file " + file);
    }
    refuseForeign();
    boolean isThere = DataDirectory.isOne(directory);
    Writing writing;
    try (Bar bar = new Bar("importing", 2 * Files.size(file))) {
      if (!isThere) {
        // Before it is made: a file that is wrong is not to leave an empty directory of Abide's.
        check(new Checking(null, bar));
      }
      try (DiskStore store = open(directory, keepingAll())) {
        if (isThere) {
          check(new Checking(store, bar));
        }
        writing = new Writing(store, bar);
        ExportFile.read(file, writing);
        writing.end();
        writing.awaitStored();
      }
    }
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("imported", directory.toString());
    fact.put("objects", writing.objects);
    fact.put("entries", writing.entries);
    say(
        fact,
        "imported %d objects with %d entries into %s"
            .formatted(writing.objects, writing.entries, directory));
    return DONE;
  }

  private void check(Checking checking) throws IOException {
    try {
      ExportFile.read(file, checking);
      checking.end();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ". Nothing was changed", e);
    }
  }

  /** A directory that holds something else is not to become one of Abide's. */
  private void refuseForeign() throws IOException {
    if (!Files.exists(directory) || DataDirectory.isOne(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw misuse(directory + " is no directory");
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw misuse(directory + " is not empty and no directory of Abide; choose another one");
      }
    }
  }

  /** Lines of the same object, one behind the other. */
  private abstract static class Objects implements ExportFile.Sink {
    private final BiFunction<String, String, ObjectName> names;
    private final Bar bar;
    private final long done;
    private @Nullable ObjectName object;

    Objects(BiFunction<String, String, ObjectName> names, Bar bar, long done) {
      this.names = names;
      this.bar = bar;
      this.done = done;
    }

    @Override
    public void entry(EntryLine line, long number) throws IOException {
      ObjectName name = names.apply(line.type(), line.id());
      if (!name.equals(object)) {
        ended(object);
        object = name;
        begun(name);
      }
      added(name, line);
    }

    final void end() throws IOException {
      ended(object);
    }

    abstract void begun(ObjectName name) throws IOException;

    abstract void added(ObjectName name, EntryLine line) throws IOException;

    abstract void ended(@Nullable ObjectName name) throws IOException;

    @Override
    public void reached(long characters) {
      bar.reached(done + characters);
    }
  }

  /** Refuses what cannot be imported, before anything is. */
  private final class Checking extends Objects {
    private final @Nullable DiskStore store;
    private final Set<ObjectName> met = new HashSet<>();

    /**
     * @param store null if there is no directory yet; names are compared with one another then, and
     *     any key will do for their hashes
     */
    Checking(@Nullable DiskStore store, Bar bar) {
      super(store == null ? new ObjectHash(new byte[16])::name : store::name, bar, 0);
      this.store = store;
    }

    @Override
    public void schema(String type, byte[] head, List<Schema> schemas) {
      refuseReserved(type);
    }

    @Override
    void begun(ObjectName name) {
      refuseReserved(name.type());
      if (!met.add(name)) {
        throw new IllegalArgumentException(
            name + " comes twice, with others in between; sort the file by object");
      }
      if (!replace && store != null && !store.range(name, ALL, false, 1, 1).isEmpty()) {
        throw new IllegalArgumentException(
            name + " is in " + directory + " already; with --replace the file's takes its place");
      }
    }

    @Override
    void added(ObjectName name, EntryLine line) {
      int head = Place.of(line.key()).head().length;
      if (line.key().length == 0 || line.key().length - head > KEY_BYTES_MAX) {
        throw new IllegalArgumentException(
            "a key is %,d bytes; there must be some, and the limit is %,d"
                .formatted(line.key().length - head, KEY_BYTES_MAX));
      }
    }

    @Override
    void ended(@Nullable ObjectName name) {}

    private static void refuseReserved(String type) {
      if (type.isEmpty() || isReserved(type)) {
        throw new IllegalArgumentException("no type of objects is called \"" + type + "\"");
      }
    }
  }

  /** Writes what was checked. */
  private final class Writing extends Objects {
    long objects;
    long entries;
    private final DiskStore store;
    private final Map<byte[], byte[]> changes = new TreeMap<>(Arrays::compareUnsigned);
    private long bytes;
    private boolean clears;
    private long last;

    Writing(DiskStore store, Bar bar) throws IOException {
      super(store::name, bar, Files.size(file));
      this.store = store;
    }

    @Override
    public void schema(String type, byte[] head, List<Schema> schemas) {
      ObjectName name = store.name(SchemaRecords.TYPE, type);
      List<Schema> all = new ArrayList<>();
      byte[] known = store.find(name, head);
      if (known != null) {
        all.addAll(SchemaCodec.decode(known));
      }
      schemas.stream().filter(schema -> !all.contains(schema)).forEach(all::add);
      List<Schema> most = all.subList(0, Math.min(all.size(), SchemaRecords.FORMS_MAX));
      append(name, List.of(), List.of(new Change(head, SchemaCodec.encode(most))));
    }

    @Override
    void begun(ObjectName name) {
      objects++;
      clears = replace;
    }

    @Override
    void added(ObjectName name, EntryLine line) {
      if (bytes > COMMIT_BYTES) {
        flush(name);
      }
      changes.put(line.key(), line.value());
      bytes += line.key().length + line.value().length;
      entries++;
    }

    @Override
    void ended(@Nullable ObjectName name) {
      if (name != null) {
        flush(name);
      }
    }

    /** An object of more than one commit's size is not whole if the import ends early. */
    private void flush(ObjectName name) {
      append(
          name,
          clears ? List.of(ALL) : List.of(),
          changes.entrySet().stream()
              .map(change -> new Change(change.getKey(), change.getValue()))
              .toList());
      clears = false;
      changes.clear();
      bytes = 0;
    }

    private void append(ObjectName name, List<KeyRange> cleared, List<Change> made) {
      last = store.append(new Commit(name, false, cleared, made, ApplyListener.NONE));
    }

    /**
     * The journal has it all then, and the maps too: else the next open would have to make them.
     */
    void awaitStored() {
      store.awaitDurable(last);
      try {
        store.awaitApplied();
      } catch (StorageException e) {
        throw new StorageException(
            "all %d objects were imported and are durable, but the store's maps in %s could not be completed, so the next open makes them anew: %s"
                .formatted(objects, directory, e.getMessage()),
            e,
            false,
            Applied.YES);
      }
    }
  }
}
