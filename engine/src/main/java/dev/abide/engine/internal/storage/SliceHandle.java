package dev.abide.engine.internal.storage;

import dev.abide.engine.Slice;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A part of a map: bounds, direction, limit. Reads nothing until it is asked for keys or values,
 * and then a refill at a time.
 *
 * @param turn the number of the turn in which it may be used
 */
record SliceHandle<K, V>(MapHandle<K, V> map, KeyRange range, boolean reverse, long most, long turn)
    implements Slice<K, V> {
  @Override
  public Slice<K, V> from(K key) {
    return within(new KeyRange(map.key(key), null));
  }

  @Override
  public Slice<K, V> after(K key) {
    byte[] bound = map.key(key);
    return within(new KeyRange(Arrays.copyOf(bound, bound.length + 1), null));
  }

  @Override
  public Slice<K, V> before(K key) {
    return within(new KeyRange(range.from(), map.key(key)));
  }

  @Override
  public Slice<K, V> prefix(String text) {
    return within(map.beginning(text));
  }

  @Override
  public Slice<K, V> reversed() {
    return new SliceHandle<>(map, range, !reverse, most, turn);
  }

  @Override
  public Slice<K, V> limit(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("the limit of a slice is " + n + "; it must be 1 or more");
    }
    return new SliceHandle<>(map, range, reverse, Math.min(most, n), turn);
  }

  private Slice<K, V> within(KeyRange other) {
    byte[] from =
        Arrays.compareUnsigned(range.from(), other.from()) >= 0 ? range.from() : other.from();
    byte[] to = range.to();
    byte[] otherTo = other.to();
    if (to == null || (otherTo != null && Arrays.compareUnsigned(otherTo, to) < 0)) {
      to = otherTo;
    }
    if (to != null && Arrays.compareUnsigned(from, to) > 0) {
      to = from;
    }
    return new SliceHandle<>(map, new KeyRange(from, to), reverse, most, turn);
  }

  @Override
  public List<K> keys() {
    return list(entry -> map.ownKey(entry.key()));
  }

  @Override
  public List<V> values() {
    return list(map::value);
  }

  @Override
  public List<Map.Entry<K, V>> entries() {
    return list(this::entry);
  }

  @Override
  public Stream<Map.Entry<K, V>> stream() {
    return StreamSupport.stream(new Cursor(), false).map(this::entry);
  }

  @Override
  public boolean isEmpty() {
    check();
    return map.view.range(range, reverse, 1).isEmpty();
  }

  @Override
  public void clear() {
    check();
    if (most != Long.MAX_VALUE) {
      throw new IllegalStateException(
          "a slice with a limit was cleared; remove its keys one by one, or clear by bounds");
    }
    map.guard.writing();
    map.view.clear(range);
  }

  private Map.Entry<K, V> entry(Entry entry) {
    return Map.entry(map.ownKey(entry.key()), map.value(entry));
  }

  private <R> List<R> list(Function<Entry, R> part) {
    List<R> all = new ArrayList<>();
    new Cursor().forEachRemaining(entry -> all.add(part.apply(entry)));
    return List.copyOf(all);
  }

  private void check() {
    map.guard.reading();
    if (map.guard.turn() != turn) {
      throw new IllegalStateException(
          "a slice of map \""
              + map.name
              + "\" of "
              + map.view.name()
              + " was used after the turn that made it; make it anew in each turn");
    }
  }

  /**
   * Where a reading stands. Each refill looks at store, commits and write set at one instant,
   * behind the last key that was taken.
   */
  private final class Cursor extends Spliterators.AbstractSpliterator<Entry> {
    private KeyRange rest = range;
    private List<Entry> page = List.of();
    private int next;
    private long left = most;
    private boolean ended;

    Cursor() {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Entry> action) {
      check();
      if (next == page.size()) {
        refill();
      }
      if (ended) {
        return false;
      }
      left--;
      action.accept(page.get(next++));
      return true;
    }

    private void refill() {
      page = ended || left == 0 ? List.of() : map.view.range(rest, reverse, left);
      next = 0;
      if (page.isEmpty()) {
        ended = true;
      } else {
        rest = StorageView.behind(rest, page.getLast().key(), reverse);
      }
    }
  }
}
