package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.observe.CommitMeter;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store behind its contract, with numbers instead of a journal: what is appended is durable.
 */
final class FedStore implements ObjectStore {
  private final CommitMeter meter = new CommitMeter();
  static final byte[] CLEAN = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  static final ObjectHash HASH = new ObjectHash(new byte[16]);

  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Path directory;
  private ChronicleStore store;
  private long last;
  private long applied;

  FedStore(Path directory, ChronicleStore.Options options) throws IOException {
    this.directory = directory;
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
