package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Asked;
import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public slices of a stored map on disk, against a sorted map: keys of one to four bytes a
 * character, among them what other stores take for wildcards and the highest character there is. A
 * longer run: {@code -Dabide.turns=5000}.
 */
@Timeout(600)
class SlicesOnDiskTest {
  private static final int TURNS = Integer.getInteger("abide.turns", 100);

  /** By UTF-16 the last three stand in another order than by UTF-8. */
  private static final List<String> CHARACTERS =
      List.of(
          "%", "_", "a", "A", "\u0000", "\u007f", "é", "\uffff", "\ud800\udc00", "\udbff\udfff");

  private static final Comparator<String> UTF_8 =
      Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /** What a test asks a slice for. */
  private interface Narrowing {
    Slice<String, String> of(Slice<String, String> slice);
  }

  /** What the same is for the sorted map. */
  private static final class Expected {
    private final List<Predicate<String>> bounds = new ArrayList<>();
    private boolean reversed;
    private long limit = Long.MAX_VALUE;

    List<Map.Entry<String, String>> of(NavigableMap<String, String> model) {
      List<Map.Entry<String, String>> all = new ArrayList<>();
      model.forEach((key, value) -> {
        if (bounds.stream().allMatch(bound -> bound.test(key))) {
          all.add(Map.entry(key, value));
        }
      });
      if (reversed) {
        Collections.reverse(all);
      }
      return all.subList(0, (int) Math.min(limit, all.size()));
    }
  }

  @TempDir Path directory;

  private final Asked asked = new Asked();
  private final NavigableMap<String, String> model = new TreeMap<>(UTF_8);
  private Random random = new Random(0);

  private OnDisk open(boolean rebuild) {
    StoreOptions how = StoreOptions.standard();
    return OnDisk.open(
        directory,
        rebuild ? how.rebuilding() : how,
        files -> files,
        asked::before,
        options -> options.host(Script.class, ScriptObject::new).onReport(_ -> {}));
  }

  private static StoredMap<String, String> map(ObjectContext context) {
    return context.storage().map("100%_map", String.class, String.class);
  }

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
    }
    return text.toString();
  }

  /** One that is there, or perhaps not. */
  private String key(NavigableMap<String, String> now) {
    if (!now.isEmpty() && random.nextBoolean()) {
      String near = now.ceilingKey(text(4));
      return near == null ? now.lastKey() : near;
    }
    return text(4);
  }

  private String value() {
    int bytes = random.nextInt(60) == 0 ? 3_000 : random.nextInt(80);
    return "v".repeat(bytes) + random.nextInt(1_000);
  }

  @Test
  void randomSlices_overSleepsAndOpens_areThoseOfASortedMap() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("SlicesOnDiskTest -Dabide.seed=" + seed);
    random = new Random(seed);
    OnDisk engine = open(false);
    int most = 0;
    try {
      for (int n = 0; n < TURNS; n++) {
        boolean first = n == 0;
        boolean fails = !first && random.nextInt(12) == 0;
        NavigableMap<String, String> now = new TreeMap<>(model);
        Script script = engine.abide().get(Script.class, "one");
        Script.Step step =
            (context, _) -> {
              if (first) {
                // Many refills, or all would lie in one page.
                for (int put = 0; put < 900; put++) {
                  String key = text(5);
                  map(context).put(key, key);
                  now.put(key, key);
                }
              }
              turn(map(context), now);
              if (fails) {
                throw new IllegalStateException("rolled back");
              }
              return "";
            };
        if (fails) {
          assertThatThrownBy(() -> script.run(step)).hasMessage("rolled back");
        } else {
          script.run(step);
          model.clear();
          model.putAll(now);
        }
        most = Math.max(most, model.size());
        switch (random.nextInt(8)) {
          case 0, 1 -> engine.abide().sleep(Script.class, "one");
          case 2 -> {
            if (random.nextInt(3) == 0) {
              engine.close();
              engine = open(random.nextInt(3) == 0);
            }
          }
          default -> {}
        }
      }
      StateCheck.check(engine.store());
      assertThat(most).as("keys at most").isGreaterThan(600);
    } finally {
      engine.close();
    }
  }

  private void turn(StoredMap<String, String> map, NavigableMap<String, String> now) {
    for (int n = random.nextInt(4); n > 0; n--) {
      switch (random.nextInt(12)) {
        case 0 -> {
          // A part of it, and the end of the part is seldom a key.
          Expected expected = new Expected();
          Slice<String, String> slice = narrowed(map, expected, now, false);
          if (expected.of(now).size() < 200 || random.nextInt(10) == 0) {
            slice.clear();
            expected.of(now).forEach(entry -> now.remove(entry.getKey()));
          }
        }
        case 1, 2 -> {
          String key = key(now);
          assertThat(map.remove(key)).isEqualTo(now.remove(key) != null);
        }
        case 3 -> {
          String key = key(now);
          String merged = map.merge(key, "m", (old, one) -> one + old.length());
          now.merge(key, "m", (old, one) -> one + old.length());
          assertThat(merged).isEqualTo(now.get(key));
        }
        default -> {
          for (int put = random.nextInt(30); put >= 0; put--) {
            String key = text(5);
            String value = value();
            map.put(key, value);
            now.put(key, value);
          }
        }
      }
      compare(map, now);
    }
    compare(map, now);
  }

  private void compare(StoredMap<String, String> map, NavigableMap<String, String> now) {
    Expected expected = new Expected();
    Slice<String, String> slice = narrowed(map, expected, now, true);
    List<Map.Entry<String, String>> entries = expected.of(now);
    switch (random.nextInt(5)) {
      case 0 ->
          assertThat(slice.keys())
              .containsExactlyElementsOf(entries.stream().map(Map.Entry::getKey).toList());
      case 1 ->
          assertThat(slice.values())
              .containsExactlyElementsOf(entries.stream().map(Map.Entry::getValue).toList());
      case 2 -> {
        int first = random.nextInt(entries.size() + 2);
        assertThat(slice.stream().limit(first).toList())
            .containsExactlyElementsOf(entries.subList(0, Math.min(first, entries.size())));
      }
      case 3 -> assertThat(slice.isEmpty()).isEqualTo(entries.isEmpty());
      default -> assertThat(slice.entries()).containsExactlyElementsOf(entries);
    }
    String key = key(now);
    assertThat(map.find(key).orElse(null)).isEqualTo(now.get(key));
  }

  private Slice<String, String> narrowed(
      StoredMap<String, String> map,
      Expected expected,
      NavigableMap<String, String> now,
      boolean limits) {
    Slice<String, String> slice = map;
    for (int n = random.nextInt(4); n >= 0; n--) {
      slice = narrowing(expected, now, limits).of(slice);
    }
    return slice;
  }

  private Narrowing narrowing(Expected expected, NavigableMap<String, String> now, boolean limits) {
    String key = key(now);
    switch (random.nextInt(limits ? 6 : 5)) {
      case 0 -> {
        expected.bounds.add(other -> UTF_8.compare(other, key) >= 0);
        return slice -> slice.from(key);
      }
      case 1 -> {
        expected.bounds.add(other -> UTF_8.compare(other, key) > 0);
        return slice -> slice.after(key);
      }
      case 2 -> {
        expected.bounds.add(other -> UTF_8.compare(other, key) < 0);
        return slice -> slice.before(key);
      }
      case 3 -> {
        String prefix = text(2);
        expected.bounds.add(other -> other.startsWith(prefix));
        return slice -> slice.prefix(prefix);
      }
      case 4 -> {
        expected.reversed = !expected.reversed;
        return Slice::reversed;
      }
      default -> {
        long limit = 1 + random.nextInt(400);
        expected.limit = Math.min(expected.limit, limit);
        return slice -> slice.limit(limit);
      }
    }
  }

  @Test
  void aSlice_readsNothingUntilItIsAsked_andThenNoMoreThanItIsAskedFor() throws Exception {
    int keys = 5_000;
    try (OnDisk engine = open(false)) {
      Script script = engine.abide().get(Script.class, "one");
      script.run((context, _) -> {
        for (int n = 0; n < keys; n++) {
          map(context).put("key-%05d".formatted(n), "v".repeat(100));
        }
        return "";
      });
      engine.store().awaitApplied();
      engine.abide().sleep(Script.class, "one");
      // The first look at a storage asks for what is beside the keys, and is no part of what
      // follows.
      script.run((context, _) -> String.valueOf(map(context).get("none", "")));
      asked.reads();
      asked.entries();
      script.look((context, _) -> {
        StoredMap<String, String> map = map(context);
        Slice<String, String> slice =
            map.from("key-00100").after("key-00100").before("key-04000").prefix("key-").reversed();
        slice.limit(3);
        assertRead("what only makes slices", 0, 0);

        assertThat(slice.stream().findFirst().orElseThrow().getKey()).isEqualTo("key-03999");
        assertRead("the first of a stream", 1, 256);
        assertThat(slice.stream().limit(300).count()).isEqualTo(300);
        assertRead("three hundred of a stream", 2, 512);
        assertThat(slice.limit(7).keys()).hasSize(7).first().isEqualTo("key-03999");
        assertRead("seven keys", 1, 7);
        assertThat(slice.limit(300).entries()).hasSize(300);
        assertRead("three hundred entries", 2, 300);
        assertThat(slice.isEmpty()).isFalse();
        assertRead("whether there is one", 1, 1);
        assertThat(map.prefix("nothing").isEmpty()).isTrue();
        assertRead("whether there is one that is not", 1, 0);
        assertThat(map.prefix("key-0").stream().anyMatch(e -> e.getKey().endsWith("7"))).isTrue();
        assertRead("a stream that is left early", 1, 256);
        assertThat(map.keys()).hasSize(keys);
        assertRead("all of it", keys / 256 + 2, keys);
        return "";
      });
    }
  }

  private void assertRead(String what, long readsMax, long entriesMax) {
    assertThat(asked.reads()).as("reads for " + what).isLessThanOrEqualTo(readsMax);
    assertThat(asked.entries()).as("entries read for " + what).isLessThanOrEqualTo(entriesMax);
  }
}
