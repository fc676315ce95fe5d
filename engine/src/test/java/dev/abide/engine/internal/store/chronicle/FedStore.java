package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.observe.CommitMeter;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store behind its contract, with numbers instead of a journal: what is appended is durable.
 */
final class FedStore implements ObjectStore {
  private final CommitMeter meter = new CommitMeter();
  static final byte[] CLEAN = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final KeyRange ALL = new KeyRange(new byte[0], null);
  static final ObjectHash HASH = new ObjectHash(new byte[16]);

  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private Path directory;
  private ChronicleStore store;
  private long last;
  private long applied;

  FedStore(Path directory, ChronicleStore.Options options) throws IOException {
    this.directory = Files.createDirectories(directory);
    store =
        ChronicleStore.create(
            directory,
            HASH,
            options,
            new ChronicleStore.Listeners(bytes -> applied += bytes, this::report, this::report));
  }

  ChronicleStore store() {
    return store;
  }

  /** Closes cleanly and opens again. */
  boolean reopen(ChronicleStore.Options options, ThrowingRunnable between) throws Exception {
    List<ChronicleStore.ShardState> states = store.close(CLEAN);
    between.run();
    ChronicleStore next =
        states == null
            ? null
            : ChronicleStore.reopen(
                directory,
                HASH,
                CLEAN,
                states,
                options,
                new ChronicleStore.Listeners(
                    bytes -> applied += bytes, this::report, this::report));
    if (next == null) {
      store =
          ChronicleStore.create(
              directory,
              HASH,
              options,
              new ChronicleStore.Listeners(bytes -> applied += bytes, this::report, this::report));
      store.delivered(last);
      return false;
    }
    store = next;
    store.delivered(last);
    return true;
  }

  /**
   * Goes on with a new store in another directory, which is filled with what this one has, as a
   * rebuild does it.
   *
   * @param bytes so many are announced for each shard
   */
  void refill(
      Path other, ChronicleStore.Options options, List<String> types, long bytes, long lotBytes)
      throws IOException {
    Map<Integer, List<NumberedCommit>> states = new HashMap<>();
    for (String type : types) {
      for (String id : ids(type, "", null, Integer.MAX_VALUE)) {
        ObjectName name = name(type, id);
        states.computeIfAbsent(name.shard(), _ -> new ArrayList<>()).addAll(state(name));
      }
    }
    store.abandon();
    directory = Files.createDirectories(other);
    store =
        ChronicleStore.create(
            other,
            HASH,
            options,
            new ChronicleStore.Listeners(more -> applied += more, this::report, this::report));
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      store.beginFill(shard, bytes, lotBytes);
      List<NumberedCommit> state = states.getOrDefault(shard, new ArrayList<>());
      state.sort(ORDER);
      for (NumberedCommit commit : state) {
        store.fill(shard, List.of(commit));
      }
      store.endFill(shard, last);
    }
    store.filled(last);
  }

  /** By hash; several commits of one object are in their order. */
  private static final Comparator<NumberedCommit> ORDER =
      (one, other) -> {
        ObjectName a = one.commit().name();
        ObjectName b = other.commit().name();
        int high = Long.compareUnsigned(a.hashHigh(), b.hashHigh());
        return high == 0 ? Long.compareUnsigned(a.hashLow(), b.hashLow()) : high;
      };

  /** What an object has, a few keys a commit. */
  private List<NumberedCommit> state(ObjectName name) {
    List<NumberedCommit> commits = new ArrayList<>();
    List<Change> some = new ArrayList<>();
    for (Entry entry : store.range(name, ALL, false, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
      some.add(new Change(entry.key(), entry.value()));
      if (some.size() == 9) {
        commits.add(numbered(new Commit(name, false, List.of(), some, ApplyListener.NONE)));
        some = new ArrayList<>();
      }
    }
    if (!some.isEmpty()) {
      commits.add(numbered(new Commit(name, false, List.of(), some, ApplyListener.NONE)));
    }
    return commits;
  }

  private NumberedCommit numbered(Commit commit) {
    return new NumberedCommit(last, 0, commit, Journal.bytesOf(commit));
  }

  interface ThrowingRunnable {
    void run() throws Exception;
  }

  private void report(String what, Throwable cause) {
    failures.add(cause);
    System.out.println(what + ": " + cause);
  }

  @Override
  public ObjectName name(String type, String id) {
    return HASH.name(type, id);
  }

  @Override
  public synchronized long append(Commit commit) {
    store.deliver(List.of(new NumberedCommit(++last, 0, commit, Journal.bytesOf(commit))));
    return last;
  }

  @Override
  public long durable() {
    return last;
  }

  @Override
  public void awaitDurable(long number) {}

  @Override
  public CommitMeter meter() {
    return meter;
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public Loaded load(ObjectName name) {
    return store.load(name);
  }

  @Override
  public byte @Nullable [] find(ObjectName name, byte[] key) {
    return store.find(name, key);
  }

  @Override
  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    return store.range(name, range, reversed, entriesMax, bytesMax);
  }

  @Override
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    awaitApplied();
    return store.ids(type, prefix, after, max);
  }

  @Override
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    return store.alarms(from, max);
  }

  @Override
  public void onAlarms(Consumer<byte[]> listener) {
    store.onAlarms(listener);
  }

  @Override
  public void awaitApplied() {
    store.awaitApplied(last);
  }

  @Override
  public boolean ready() {
    return store.ready();
  }

  @Override
  public void close() {
    store.abandon();
  }
}
