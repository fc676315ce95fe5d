package dev.abide.engine.internal.schema;

import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema records of a store. Each type of objects has one object of the reserved type {@link
 * #TYPE}, with the type's name for its id; its keys are those of cells, and the beginnings of those
 * of maps. A form that is not there yet is committed before the first write that uses it, so in
 * every state that can be restored what is stored is also described.
 *
 * <p>Threading: any. Nothing of a turn is undone with it: a record that nobody needed yet does no
 * harm.
 */
public final class SchemaRecords {
  /** The reserved type; no name of a type begins with a control character. */
  public static final String TYPE = "\u0001schema";

  /** Names of one type of objects that are described; further ones are printed without names. */
  static final int NAMES_MAX = 1_000;

  /** Forms that one cell or map has had, newest first; the oldest goes. */
  public static final int FORMS_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");
  private static final KeyRange ALL = new KeyRange(new byte[0], null);
  private static final int READ_ENTRIES = 256;
  private static final int READ_BYTES = 1 << 20;

  private final ObjectStore store;
  private final Runnable room;
  private final Map<String, OfType> types = new ConcurrentHashMap<>();

  /**
   * The records of a store.
   *
   * @param room asks the calling thread's stack for what a commit takes, which must not end
   *     half-way
   */
  public SchemaRecords(ObjectStore store, Runnable room) {
    this.store = store;
    this.room = room;
  }

  /** Those of one type of objects. */
  public OfType of(String type) {
    return types.computeIfAbsent(type, name -> new OfType(store, room, name));
  }

  /** The records of one type of objects. */
  public static final class OfType {
    private final ObjectStore store;
    private final Runnable room;
    private final String type;
    private final boolean kept;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * The forms that are known to be described, by key. Read without the lock by each instance's
     * first write of a name; written with it, after the commit has its number.
     */
    private final Map<byte[], List<Form>> described =
        new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    /* Guarded by the lock. */
    private final Map<byte[], List<Schema>> stored = new TreeMap<>(Arrays::compareUnsigned);
    private @Nullable ObjectName record;

    private OfType(ObjectStore store, Runnable room, String type) {
      this.store = store;
      this.room = room;
      this.type = type;
      this.kept = store.keeps(type);
    }

    /**
     * Before a value is written: describes it if that has not been done.
     *
     * @param key the cell's, or what all of the map's begin with
     * @throws dev.abide.engine.StorageException if the record was refused; nothing was written then
     */
    public void used(byte[] key, Form form) {
      if (!kept || described.getOrDefault(key, List.of()).contains(form)) {
        return;
      }
      lock.lock();
      try {
        describe(key, form);
      } finally {
        lock.unlock();
      }
    }

    private void describe(byte[] key, Form form) {
      List<Form> forms = described.getOrDefault(key, List.of());
      if (forms.contains(form)) {
        // Described by another thread since that was asked without the lock.
        return;
      }
      ObjectName name = record == null ? read() : record;
      List<Schema> known = stored.getOrDefault(key, List.of());
      if (known.isEmpty() && stored.size() >= NAMES_MAX) {
        return;
      }
      Schema schema = Schema.of(form);
      if (!known.contains(schema)) {
        List<Schema> changed = new ArrayList<>(known);
        changed.addFirst(schema);
        while (changed.size() > FORMS_MAX) {
          changed.removeLast();
        }
        byte[] value = SchemaCodec.encode(changed);
        room.run();
        var _ =
            store.append(
                new Commit(
                    name, false, List.of(), List.of(new Change(key, value)), ApplyListener.NONE));
        stored.put(key, List.copyOf(changed));
      }
      List<Form> more = new ArrayList<>(forms);
      more.add(form);
      described.put(key, List.copyOf(more));
    }

    /** Reads what earlier engines wrote; all of it has been applied when an engine opens. */
    private ObjectName read() {
      ObjectName name = store.name(TYPE, type);
      KeyRange rest = ALL;
      for (List<Entry> some = some(name, rest); !some.isEmpty(); some = some(name, rest)) {
        for (Entry entry : some) {
          stored.put(entry.key(), decoded(entry));
        }
        byte[] last = some.getLast().key();
        rest = new KeyRange(Arrays.copyOf(last, last.length + 1), null);
      }
      record = name;
      return name;
    }

    private List<Entry> some(ObjectName name, KeyRange range) {
      return store.range(name, range, false, READ_ENTRIES, READ_BYTES);
    }

    private List<Schema> decoded(Entry entry) {
      try {
        return SchemaCodec.decode(entry.value());
      } catch (CborException e) {
        // Values are read without it. It is written anew when it is needed.
        LOG.warn("a schema record of {} cannot be read: {}", type, e.getMessage());
        return List.of();
      }
    }
  }
}
