package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Asked;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G4 at its bounds: the smallest and the largest values, names and keys are written, slept, woken,
 * rebuilt after a kill and restored from a backup; one byte more is refused. And what removes much
 * writes little.
 */
@Timeout(300)
class LargestTest {
  /** An array of so many bytes is encoded in 32 MiB: its head takes five. */
  private static final int LARGEST = (32 << 20) - 5;

  /** Around the bounds of a page, a piece, and a segment of 1 MiB. */
  private static final List<Integer> SIZES =
      List.of(0, 1, 1_019, 1_024, 1_025, 8_187, 8_192, 8_193, 1 << 20, LARGEST);

  /** Made once: of the largest that takes longer than to store it. */
  private static final Map<Integer, byte[]> BYTES = new ConcurrentHashMap<>();

  @TempDir Path temp;

  private final Asked asked = new Asked();

  private OnDisk open(Path directory, StoreOptions how) {
    return OnDisk.open(directory, how, files -> files, asked::before, LargestTest::host);
  }

  private static void host(Abide.Options options) {
    options.host(Script.class, ScriptObject::new).onReport(_ -> {});
  }

  private static byte[] bytes(int size) {
    return BYTES.computeIfAbsent(
        size,
        length -> {
          byte[] bytes = new byte[length];
          new Random(length).nextBytes(bytes);
          return bytes;
        });
  }

  private static StoredMap<Integer, byte[]> values(ObjectContext context) {
    return context.storage().map("values", Integer.class, byte[].class);
  }

  private static void put(Abide abide, int size) throws Exception {
    abide
        .get(Script.class, "values")
        .run((context, _) -> {
          values(context).put(size, bytes(size));
          return "";
        });
  }

  private static void check(Abide abide) throws Exception {
    Script script = abide.get(Script.class, "values");
    for (int size : SIZES) {
      script.look((context, _) -> {
        assertThat(Arrays.equals(values(context).find(size).orElseThrow(), bytes(size)))
            .as("the value of %,d bytes", size)
            .isTrue();
        return "";
      });
      // Asleep, or the next value would be found where this one was left.
      abide.sleep(Script.class, "values");
    }
    script.look((context, _) -> {
      assertThat(values(context).keys()).containsExactlyElementsOf(SIZES);
      return "";
    });
  }

  /** The process that is killed. */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws Exception {
      try (Abide abide = Engines.open(Path.of(args[0]), LargestTest::host)) {
        for (int size : SIZES) {
          put(abide, size);
        }
        System.out.println("written");
        System.out.flush();
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  private void writeAndKill(Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Load.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("written");
      process.toHandle().destroyForcibly();
    }
    process.waitFor();
  }

  @Test
  void valuesFromNothingTo32MiB_areThereAfterAKill_aSleep_aRebuild_andARestore() throws Exception {
    Path data = temp.resolve("data");
    writeAndKill(data);
    try (OnDisk kept = open(data, StoreOptions.standard())) {
      check(kept.abide());
      assertThatThrownBy(() -> put(kept.abide(), LARGEST + 1))
          .isInstanceOfSatisfying(
              LimitException.class,
              e -> assertThat(e).hasMessageContaining("33554433").hasMessageContaining("33554432"));
      kept.abide().backup(temp.resolve("backup"));
    }
    try (OnDisk rebuilt = open(data, StoreOptions.standard().rebuilding())) {
      check(rebuilt.abide());
    }
    try (DataDirectory from = DataDirectory.open(temp.resolve("backup"))) {
      from.restore(temp.resolve("restored"), from.moments().last(), _ -> {});
    }
    try (OnDisk restored = open(temp.resolve("restored"), StoreOptions.standard())) {
      check(restored.abide());
    }
  }

  /** Of so many bytes, some of them in characters of four. */
  private static String text(int bytes, int which) {
    String end = "%03d".formatted(which);
    return "\udbff\udfff".repeat(40) + "n".repeat(bytes - 160 - end.length()) + end;
  }

  private static String end(String key) {
    return key.substring(key.length() - 3);
  }

  private static void limited(Script script, Script.Step step, String what) {
    assertThatThrownBy(() -> script.run(step))
        .isInstanceOfSatisfying(
            LimitException.class,
            e ->
                assertThat(e)
                    .hasMessageContaining(what)
                    .hasMessageContaining("2049")
                    .hasMessageContaining("2048"));
  }

  @Test
  void namesAndKeysOf2048Bytes_areThereAfterASleepAndARebuild_and2049AreRefused() throws Exception {
    String cell = text(2_048, 1);
    String map = text(2_048, 2);
    // Enough for a tree with a root above its leaves: each key is longer than a page.
    List<String> keys = IntStream.range(0, 60).mapToObj(n -> text(2_048, n)).toList();
    try (OnDisk engine = open(temp.resolve("data"), StoreOptions.standard())) {
      Script script = engine.abide().get(Script.class, "names");
      script.run((context, _) -> {
        context.storage().cell(cell, Long.class).set(7L);
        for (String key : keys) {
          context.storage().map(map, String.class, String.class).put(key, end(key));
        }
        context.storage().map("", String.class, Long.class).put("", 8L);
        return "";
      });
      limited(
          script,
          (context, _) -> {
            context.storage().cell(text(2_049, 1), Long.class).set(7L);
            return "";
          },
          "name");
      limited(
          script,
          (context, _) -> {
            context.storage().map(text(2_049, 1), String.class, Long.class).put("a", 7L);
            return "";
          },
          "name");
      limited(
          script,
          (context, _) -> {
            context.storage().map(map, String.class, String.class).put(text(2_049, 1), "a");
            return "";
          },
          "key");
      checkNames(engine.abide(), cell, map, keys);
      engine.abide().sleep(Script.class, "names");
      checkNames(engine.abide(), cell, map, keys);
    }
    try (OnDisk rebuilt = open(temp.resolve("data"), StoreOptions.standard().rebuilding())) {
      checkNames(rebuilt.abide(), cell, map, keys);
      List<String> rest = keys.subList(10, 50);
      rebuilt
          .abide()
          .get(Script.class, "names")
          .run((context, _) -> {
            StoredMap<String, String> stored =
                context.storage().map(map, String.class, String.class);
            stored.before(rest.getFirst()).clear();
            stored.after(rest.getLast()).clear();
            return "";
          });
      rebuilt.abide().sleep(Script.class, "names");
      checkNames(rebuilt.abide(), cell, map, rest);
      StateCheck.check(rebuilt.store());
    }
  }

  private static void checkNames(Abide abide, String cell, String map, List<String> keys)
      throws Exception {
    abide
        .get(Script.class, "names")
        .look((context, _) -> {
          assertThat(context.storage().cell(cell, Long.class).find()).contains(7L);
          assertThat(context.storage().map("", String.class, Long.class).find("")).contains(8L);
          StoredMap<String, String> stored = context.storage().map(map, String.class, String.class);
          assertThat(stored.keys()).containsExactlyElementsOf(keys);
          for (String key : keys) {
            assertThat(stored.find(key)).contains(end(key));
          }
          return "";
        });
  }

  @Test
  void clearAndDeleteOfManyKeys_areOneCommitThatNamesNoKey() throws Exception {
    int keys = 20_000;
    try (OnDisk engine = open(temp.resolve("data"), StoreOptions.standard())) {
      Script script = engine.abide().get(Script.class, "large");
      for (int round = 0; round < 2; round++) {
        script.run((context, _) -> {
          StoredMap<Long, Long> map = context.storage().map("many", Long.class, Long.class);
          for (long n = 0; n < keys; n++) {
            map.put(n, n);
          }
          return "";
        });
        engine.store().awaitApplied();
        engine.abide().sleep(Script.class, "large");
        asked.commits();
        asked.reads();
        if (round == 0) {
          script.run((context, _) -> {
            context.storage().map("many", Long.class, Long.class).clear();
            return "";
          });
        } else {
          engine.abide().delete(Script.class, "large");
        }
        // One look whether the keys are few, and what a wake reads.
        assertThat(asked.reads()).as("reads").isLessThan(5);
        assertThat(written(asked.commits())).as("bytes that were handed over").isLessThan(200);
        engine.store().awaitApplied();
        StateCheck.check(engine.store());
        script.look((context, _) -> {
          assertThat(context.storage().map("many", Long.class, Long.class).isEmpty()).isTrue();
          return "";
        });
      }
    }
  }

  private static long written(List<Commit> commits) {
    assertThat(commits).hasSize(1);
    Commit commit = commits.getFirst();
    long bytes = commit.deletesObject() ? 1 : 0;
    for (var range : commit.cleared()) {
      bytes +=
          range.from().length
              + (range.to() == null ? 0 : Objects.requireNonNull(range.to()).length);
    }
    for (Change change : commit.changes()) {
      bytes += change.key().length;
    }
    assertThat(bytes).isPositive();
    return bytes;
  }
}
