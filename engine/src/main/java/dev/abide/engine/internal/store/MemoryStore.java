package dev.abide.engine.internal.store;

import dev.abide.engine.internal.observe.CommitMeter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store without files: ordered maps on the heap. What is appended is applied and durable, as far
 * as memory can be, when {@code append} returns.
 *
 * <p>Threading: any thread. Errors: {@code StorageException} from the moment when the state is
 * closed, fenced or taken over. Durability: as long as the {@link MemoryState} is held.
 */
public final class MemoryStore implements ObjectStore {
  /** A larger object is not read as a whole, so that both ways of waking are taken here too. */
  private static final int WHOLE_BYTES_MAX = 4_096;

  private final MemoryState state;
  private final long owner;
  private final CommitMeter meter = new CommitMeter();
  private volatile Consumer<byte[]> onAlarms = first -> {};

  /** A store with a state of its own, which ends with it. */
  public MemoryStore() {
    this(new MemoryState());
  }

  /** A store that goes on with the state; the store that had it before is refused from now on. */
  public MemoryStore(MemoryState state) {
    this.state = state;
    owner = state.takeOver();
  }

  @Override
  public ObjectName name(String type, String id) {
    ObjectId.checked(id);
    return new ObjectName(type, id, 0, 0);
  }

  @Override
  public boolean keeps(String type) {
    return false;
  }

  @Override
  public long append(Commit commit) {
    long number = state.as(owner, () -> state.append(commit));
    commit.owner().applied(number);
    meter.commit();
    tellOfAlarms(commit);
    return number;
  }

  private void tellOfAlarms(Commit commit) {
    byte[] first = null;
    for (Change change : commit.changes()) {
      byte[] value = change.value();
      byte[] place = value == null ? null : AlarmIndex.place(commit.name(), change.key(), value);
      if (place != null && (first == null || Arrays.compareUnsigned(place, first) < 0)) {
        first = place;
      }
    }
    if (first != null) {
      onAlarms.accept(first);
    }
  }

  @Override
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    return state.as(
        owner,
        () ->
            state.alarms().tailMap(from, true).entrySet().stream()
                .limit(max)
                .map(entry -> AlarmIndex.read(new Entry(entry.getKey(), entry.getValue())))
                .toList());
  }

  @Override
  public void onAlarms(Consumer<byte[]> listener) {
    onAlarms = listener;
  }

  @Override
  public long durable() {
    return state.last();
  }

  @Override
  public void awaitDurable(long number) {
    long last = state.last();
    if (number > last) {
      throw new IllegalArgumentException(
          "commit %,d was never given; the last is %,d.".formatted(number, last));
    }
  }

  @Override
  public CommitMeter meter() {
    return meter;
  }

  @Override
  public long last() {
    return state.last();
  }

  @Override
  public Loaded load(ObjectName name) {
    return state.as(
        owner,
        () -> {
          List<Entry> entries = new ArrayList<>();
          long bytes = 0;
          for (Map.Entry<byte[], byte[]> entry : state.entries(name).entrySet()) {
            bytes += entry.getKey().length + entry.getValue().length;
            if (bytes > WHOLE_BYTES_MAX) {
              return new Loaded(List.of(), false);
            }
            entries.add(new Entry(entry.getKey(), entry.getValue()));
          }
          return new Loaded(List.copyOf(entries), true);
        });
  }

  @Override
  public byte @Nullable [] find(ObjectName name, byte[] key) {
    return state.<byte @Nullable []>as(owner, () -> state.entries(name).get(key));
  }

  @Override
  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    return state.as(
        owner,
        () -> {
          NavigableMap<byte[], byte[]> within = MemoryState.within(state.entries(name), range);
          List<Entry> found = new ArrayList<>();
          long bytes = 0;
          for (Map.Entry<byte[], byte[]> entry :
              (reversed ? within.descendingMap() : within).entrySet()) {
            found.add(new Entry(entry.getKey(), entry.getValue()));
            bytes += entry.getKey().length + entry.getValue().length;
            if (found.size() >= entriesMax || bytes >= bytesMax) {
              break;
            }
          }
          return List.copyOf(found);
        });
  }

  @Override
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    return state.as(
        owner,
        () -> {
          boolean behind = after != null && ObjectId.ORDER.compare(after, prefix) >= 0;
          String from = behind && after != null ? after : prefix;
          List<String> found = new ArrayList<>();
          for (String id : state.ids(type).tailSet(from, !behind)) {
            if (found.size() >= max || !id.startsWith(prefix)) {
              break;
            }
            found.add(id);
          }
          return List.copyOf(found);
        });
  }

  @Override
  public void awaitApplied() {
    // Nothing is ever durable here and not applied.
  }

  @Override
  public boolean ready() {
    return state.isOwner(owner);
  }

  @Override
  public void close() {
    state.release(owner);
  }
}
