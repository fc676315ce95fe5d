package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.observe.CommitMeter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The store in memory, but applying only when a test says so, as a store on disk does later. */
public final class LaggingStore implements ObjectStore {
  private final MemoryStore behind = new MemoryStore();
  private final Deque<Commit> waiting = new ArrayDeque<>();
  private long last;
  private long applied;
  private int finds;
  private boolean refusing;

  /** Applies at most so many commits, oldest first. */
  public void applySome(int most) {
    for (int n = 0; n < most && !waiting.isEmpty(); n++) {
      Commit next = waiting.remove();
      behind.append(
          new Commit(
              next.name(),
              next.deletesObject(),
              next.cleared(),
              next.changes(),
              ApplyListener.NONE));
      next.owner().applied(++applied);
    }
  }

  @Override
  public ObjectName name(String type, String id) {
    return behind.name(type, id);
  }

  /** What was appended last. */
  public Commit newest() {
    return waiting.getLast();
  }

  /** Commits are refused, until {@link #refuseNoMore}. */
  public void refuse() {
    refusing = true;
  }

  public void refuseNoMore() {
    refusing = false;
  }

  @Override
  public long append(Commit commit) {
    if (refusing) {
      throw new StorageException("no room", null, true, Applied.NO);
    }
    waiting.add(commit);
    return ++last;
  }

  @Override
  public long durable() {
    return last;
  }

  @Override
  public void awaitDurable(long number) {}

  @Override
  public CommitMeter meter() {
    return behind.meter();
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public Loaded load(ObjectName name) {
    return behind.load(name);
  }

  /** How many keys were asked for. */
  public int finds() {
    return finds;
  }

  @Override
  public byte @Nullable [] find(ObjectName name, byte[] key) {
    finds++;
    return behind.find(name, key);
  }

  @Override
  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    return behind.range(name, range, reversed, entriesMax, bytesMax);
  }

  @Override
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    return behind.ids(type, prefix, after, max);
  }

  @Override
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    return behind.alarms(from, max);
  }

  @Override
  public void onAlarms(Consumer<byte[]> listener) {
    behind.onAlarms(listener);
  }

  @Override
  public void awaitApplied() {
    applySome(Integer.MAX_VALUE);
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public void close() {
    behind.close();
  }
}
