package dev.abide.engine.internal.store.chronicle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The maps of a shard, usually one.
 *
 * <ul>
 *   <li>Writes go to the newest; what an older one holds under the same key goes after that.
 *   <li>Reads ask the newest first; so between the two steps the newer copy wins.
 *   <li>Nothing is put into a map with few spare tiers: no map is ever full, however slow moving
 *       is.
 *   <li>The store thread alone changes the list; the map maker works on files outside it.
 * </ul>
 */
final class ShardMaps {
  private final int shard;
  private final Consumer<MapShape> next;
  private final Consumer<PageMap> gone;
  private final Runnable touching;

  /** Oldest first. */
  private final List<PageMap> maps;

  /** Theirs; asked for after each operation. */
  private List<Long> generations;

  /** About how many bytes the shard will soon have. */
  private long expectedBytes;

  private boolean asked;
  private long bytesPut;
  private long entriesPut;

  /**
   * @param next asked for the next map, which comes by {@link #add}
   * @param gone gets maps that are no longer needed
   * @param touching runs before anything is done to a map or to the list
   */
  ShardMaps(
      int shard,
      List<PageMap> maps,
      Consumer<MapShape> next,
      Consumer<PageMap> gone,
      Runnable touching) {
    this.touching = touching;
    this.shard = shard;
    this.maps = new ArrayList<>(maps);
    this.generations = generationsOf(maps);
    this.next = next;
    this.gone = gone;
  }

  byte @Nullable [] get(byte[] key) {
    touching.run();
    for (int i = maps.size() - 1; i >= 0; i--) {
      byte[] value = maps.get(i).get(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Says about how many bytes will come, before there is a map. */
  void expect(long bytes) {
    expectedBytes = bytes;
  }

  /**
   * Whether one more entry may be put; else the next map has been asked for.
   *
   * @param averageBytes about as long are those that come
   */
  boolean hasRoom(LongSupplier averageBytes) {
    touching.run();
    if (!maps.isEmpty() && maps.getLast().hasRoom()) {
      return true;
    }
    ask(averageBytes);
    return false;
  }

  /** The same, for more of what there is. */
  boolean hasRoom() {
    return hasRoom(this::averagePut);
  }

  private long averagePut() {
    return entriesPut == 0 ? 0 : bytesPut / entriesPut;
  }

  void put(byte[] key, byte[] value) {
    touching.run();
    PageMap newest = maps.getLast();
    newest.put(key, value);
    bytesPut += value.length;
    entriesPut++;
    for (int i = maps.size() - 2; i >= 0; i--) {
      maps.get(i).remove(key);
    }
    if (!asked && newest.isFilling()) {
      ask(this::averagePut);
    }
  }

  void remove(byte[] key) {
    touching.run();
    for (PageMap map : maps) {
      map.remove(key);
    }
  }

  /** The next map is there. */
  void add(PageMap map) {
    touching.run();
    maps.add(map);
    generations = generationsOf(maps);
    asked = false;
  }

  boolean isMoving() {
    return maps.size() > 1;
  }

  /** Moves some entries out of the oldest map; an empty one goes. */
  void move(int entriesMax) {
    touching.run();
    PageMap oldest = maps.getFirst();
    List<byte[]> keys = oldest.someKeys(entriesMax);
    if (keys.isEmpty()) {
      maps.removeFirst();
      generations = generationsOf(maps);
      gone.accept(oldest);
      return;
    }
    for (byte[] key : keys) {
      if (!hasRoom()) {
        return;
      }
      byte[] value = oldest.get(key);
      if (value != null && !inNewerThanOldest(key)) {
        maps.getLast().put(key, value);
      }
      oldest.remove(key);
    }
  }

  private boolean inNewerThanOldest(byte[] key) {
    for (int i = maps.size() - 1; i > 0; i--) {
      if (maps.get(i).contains(key)) {
        return true;
      }
    }
    return false;
  }

  private void ask(LongSupplier averageBytes) {
    if (asked) {
      return;
    }
    asked = true;
    if (maps.isEmpty()) {
      next.accept(MapShape.first(shard, expectedBytes, averageBytes.getAsLong()));
    } else {
      long entries = maps.stream().mapToLong(PageMap::size).sum();
      next.accept(MapShape.after(entries, averageBytes.getAsLong()));
    }
  }

  private static List<Long> generationsOf(List<PageMap> maps) {
    return maps.stream().map(PageMap::generation).toList();
  }

  /** The generations of the maps, oldest first. */
  List<Long> generations() {
    return generations;
  }

  /** How many pages and pieces were put, not counting those that were moved; for checks. */
  long entriesPut() {
    return entriesPut;
  }

  List<PageMap> list() {
    return List.copyOf(maps);
  }
}
