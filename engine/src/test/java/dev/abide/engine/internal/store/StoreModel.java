package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Random commits to a few objects, with an ordered map per object that says what must come out. */
public final class StoreModel {
  private static final int OBJECTS = 24;

  private final SplittableRandom random;

  /** Draws alarms, or null; what is drawn without them stays as it was before there were any. */
  private final SplittableRandom alarms;

  private final BiFunction<String, String, ObjectName> names;
  private final int keysMax;
  private final Map<ObjectName, NavigableMap<byte[], byte[]>> objects =
      new TreeMap<>((a, b) -> ObjectId.ORDER.compare(a.toString(), b.toString()));

  public StoreModel(long seed, int keysMax, BiFunction<String, String, ObjectName> names) {
    this(seed, keysMax, true, names);
  }

  public StoreModel(
      long seed, int keysMax, boolean withAlarms, BiFunction<String, String, ObjectName> names) {
    System.out.println("seed of the model: " + seed);
    random = new SplittableRandom(seed);
    alarms = withAlarms ? new SplittableRandom(~seed) : null;
    this.keysMax = keysMax;
    this.names = names;
  }

  /** A commit, done to the model already. */
  public Commit next(ApplyListener owner) {
    ObjectName name =
        names.apply(
            random.nextBoolean() ? "cart" : "user", "id\ud83d\ude00" + random.nextInt(OBJECTS));
    NavigableMap<byte[], byte[]> entries =
        objects.computeIfAbsent(name, _ -> new TreeMap<>(Arrays::compareUnsigned));
    if (random.nextInt(60) == 0) {
      entries.clear();
      return new Commit(name, true, List.of(), List.of(), owner);
    }
    List<KeyRange> cleared = new ArrayList<>();
    if (random.nextInt(8) == 0) {
      KeyRange range = range();
      cleared.add(range);
      entries.keySet().removeIf(range::contains);
    }
    TreeMap<byte[], byte[]> changed = new TreeMap<>(Arrays::compareUnsigned);
    List<Change> changes = new ArrayList<>();
    if (alarms != null) {
      changeAlarms(entries, changes);
    }
    int count = random.nextInt(random.nextInt(10) == 0 ? 120 : 6);
    for (int i = 0; i < count; i++) {
      byte[] key = key();
      changed.put(key, value());
    }
    changed.forEach((key, value) -> {
      boolean deletes = random.nextInt(3) == 0;
      changes.add(new Change(key, deletes ? null : value));
      if (deletes) {
        entries.remove(key);
      } else {
        entries.put(key, value);
      }
    });
    return new Commit(name, false, cleared, List.copyOf(changes), owner);
  }

  /** What bases would have: a header for each object with entries, and its records. */
  public long liveBytes() {
    long bytes = 0;
    for (var object : objects.entrySet()) {
      ObjectName name = object.getKey();
      if (!object.getValue().isEmpty()) {
        bytes += 21 + ObjectId.utf8(name.type()).length + ObjectId.utf8(name.id()).length;
      }
      for (var entry : object.getValue().entrySet()) {
        bytes += 17 + entry.getKey().length + entry.getValue().length;
      }
    }
    return bytes;
  }

  /** Reads all of it in several ways and compares. */
  public void check(ObjectStore store) {
    for (var object : objects.entrySet()) {
      ObjectName name = object.getKey();
      NavigableMap<byte[], byte[]> entries = object.getValue();
      Loaded loaded = store.load(name);
      if (loaded.whole()) {
        same(loaded.entries(), entries);
      } else {
        assertThat(loaded.entries()).isEmpty();
        assertThat(entries).isNotEmpty();
      }
      all(store, name, new KeyRange(new byte[0], null), entries, false);
      all(store, name, new KeyRange(new byte[0], null), entries, true);
      KeyRange range = range();
      all(store, name, range, MemoryState.within(entries, range), random.nextBoolean());
      byte[] key = key();
      assertThat(store.find(name, key)).isEqualTo(entries.get(key));
    }
    checkAlarms(store);
    for (String type : List.of("cart", "user", "none")) {
      List<String> expected =
          objects.entrySet().stream()
              .filter(e -> !e.getValue().isEmpty() && e.getKey().type().equals(type))
              .map(e -> e.getKey().id())
              .sorted(ObjectId.ORDER)
              .toList();
      List<String> found = new ArrayList<>();
      for (List<String> next = store.ids(type, "id", null, 3);
          !next.isEmpty();
          next = store.ids(type, "id", found.getLast(), 3)) {
        found.addAll(next);
      }
      assertThat(found).isEqualTo(expected);
      assertThat(store.ids(type, "other", null, 3)).isEmpty();
      assertThat(store.ids(type, "", null, 1_000)).isEqualTo(expected);
    }
  }

  private void checkAlarms(ObjectStore store) {
    NavigableMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
    objects.forEach((name, entries) ->
        MemoryState.within(entries, AlarmIndex.ALARMS)
            .forEach((key, value) ->
                expected.put(AlarmIndex.place(name, key, value), AlarmIndex.kept(value))));
    List<AlarmIndex.Indexed> found = new ArrayList<>();
    byte[] from = AlarmIndex.FIRST;
    for (List<AlarmIndex.Indexed> next = store.alarms(from, 9);
        !next.isEmpty();
        next = store.alarms(from, 9)) {
      found.addAll(next);
      byte[] last = next.getLast().place();
      from = Arrays.copyOf(last, last.length + 1);
    }
    assertThat(found.stream().map(AlarmIndex.Indexed::place))
        .usingElementComparator(Arrays::compareUnsigned)
        .containsExactlyElementsOf(expected.keySet());
    for (AlarmIndex.Indexed alarm : found) {
      NavigableMap<byte[], byte[]> entries = objects.get(names.apply(alarm.type(), alarm.id()));
      ByteBuffer value = ByteBuffer.wrap(entries.get(alarm.key()));
      assertThat(AlarmIndex.time(value)).isEqualTo(alarm.due());
      assertThat(value.getLong()).isEqualTo(alarm.setNumber());
    }
  }

  private void all(
      ObjectStore store,
      ObjectName name,
      KeyRange range,
      NavigableMap<byte[], byte[]> expected,
      boolean reversed) {
    List<Entry> found = new ArrayList<>();
    KeyRange rest = range;
    while (true) {
      List<Entry> next = store.range(name, rest, reversed, 7, 20_000);
      if (next.isEmpty()) {
        break;
      }
      found.addAll(next);
      byte[] last = next.getLast().key();
      rest =
          reversed
              ? new KeyRange(range.from(), last)
              : new KeyRange(Arrays.copyOf(last, last.length + 1), range.to());
    }
    same(found, reversed ? expected.descendingMap() : expected);
  }

  private static void same(List<Entry> found, NavigableMap<byte[], byte[]> expected) {
    assertThat(found.stream().map(e -> Arrays.hashCode(e.key()) + "=" + Arrays.hashCode(e.value())))
        .containsExactlyElementsOf(
            expected.entrySet().stream()
                .map(e -> Arrays.hashCode(e.getKey()) + "=" + Arrays.hashCode(e.getValue()))
                .toList());
  }

  private KeyRange range() {
    byte[] one = key();
    byte[] other = key();
    return switch (random.nextInt(4)) {
      case 0 -> new KeyRange(one, null);
      case 1 -> new KeyRange(new byte[0], other);
      default ->
          Arrays.compareUnsigned(one, other) < 0
              ? new KeyRange(one, other)
              : new KeyRange(other, one);
    };
  }

  private void changeAlarms(NavigableMap<byte[], byte[]> entries, List<Change> changes) {
    TreeMap<byte[], byte[]> changed = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = alarms.nextInt(-2, 3); i > 0; i--) {
      byte[] name =
          ("a".repeat(alarms.nextInt(4)) + alarms.nextInt(30)).getBytes(StandardCharsets.UTF_8);
      ByteBuffer key = ByteBuffer.allocate(3 + name.length).put(AlarmIndex.TAG);
      // Few different times, so that many are due at once; some before 1970.
      Instant due = Instant.ofEpochSecond(alarms.nextInt(-20, 200), alarms.nextInt(2));
      changed.put(
          key.putShort((short) name.length).put(name).array(),
          AlarmIndex.putHead(ByteBuffer.allocate(21), due, alarms.nextLong()).array());
    }
    changed.forEach((key, value) -> {
      boolean deletes = alarms.nextInt(3) == 0;
      changes.add(new Change(key, deletes ? null : value));
      if (deletes) {
        entries.remove(key);
      } else {
        entries.put(key, value);
      }
    });
  }

  private byte[] key() {
    int number = random.nextInt(keysMax);
    String pad = number % 50 == 7 ? "x".repeat(2_000) : "";
    return "key-%06d%s".formatted(number, pad).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] value() {
    int length =
        switch (random.nextInt(40)) {
          case 0 -> 1_024 + random.nextInt(3);
          case 1 -> random.nextInt(60_000);
          case 2 -> 8_191 + random.nextInt(3);
          case 3 -> random.nextInt(300_000);
          default -> random.nextInt(120);
        };
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }
}
