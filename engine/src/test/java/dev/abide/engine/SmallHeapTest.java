package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More state than heap, many times over: objects wake from the maps, which hold what the heap does
 * not. 96 MB in 24 MB, and 30,000 small ones in it, written faster than the maps take them; with
 * {@code -Dabide.soak=1} 2 GB in 64 MB, and three million in 128 MB.
 */
@Timeout(1800)
final class SmallHeapTest {
  private static final boolean SOAK = Integer.getInteger("abide.soak", 0) > 0;

  @TempDir Path directory;

  /** Writes objects, closes, opens, and reads each. */
  static final class Child {
    private static int objectBytes;
    private static int callers;

    private Child() {}

    public static void main(String[] args) throws Exception {
      Path directory = Path.of(args[0]);
      int objects = Integer.parseInt(args[1]);
      objectBytes = Integer.parseInt(args[2]);
      callers = Integer.parseInt(args[3]);
      long start = System.nanoTime();
      try (Abide abide = open(directory)) {
        inParallel(
            objects,
            n -> {
              byte[] bytes = bytes(n);
              abide
                  .get(Script.class, "o-" + n)
                  .run((context, self) -> {
                    context.storage().cell("bytes", byte[].class).set(bytes);
                    return "";
                  });
            });
        start = tell("wrote " + objects + " objects", start);
      }
      start = tell("closed", start);
      try (Abide abide = open(directory)) {
        start = tell("opened", start);
        inParallel(
            objects,
            n -> {
              String crc =
                  abide
                      .get(Script.class, "o-" + n)
                      .look((context, self) ->
                          "" + crc(context.storage().cell("bytes", byte[].class).get()));
              if (!crc.equals("" + crc(bytes(n)))) {
                throw new IllegalStateException("o-" + n + " is not what was written");
              }
            });
        start = tell("read all", start);
        try (var ids = abide.ids(Script.class)) {
          long count = ids.count();
          if (count != objects) {
            throw new IllegalStateException(count + " ids of " + objects);
          }
        }
        start = tell("listed all", start);
      }
      tell("closed", start);
    }

    private static Abide open(Path directory) {
      return Shape.DISK.open(
          directory, options -> options.awakeMax(64).idleTimeout(Duration.ofSeconds(1)));
    }

    private static long tell(String what, long start) {
      long now = System.nanoTime();
      System.out.printf("%s in %,d ms%n", what, (now - start) / 1_000_000);
      return now;
    }

    private interface Step {
      void run(int n) throws Exception;
    }

    private static void inParallel(int count, Step step) throws Exception {
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
      for (int caller = 0; caller < callers; caller++) {
        int first = caller;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    for (int n = first; n < count && failures.isEmpty(); n += callers) {
                      step.run(n);
                    }
                  } catch (Throwable failure) {
                    failures.add(failure);
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      if (!failures.isEmpty()) {
        throw new IllegalStateException(failures.getFirst());
      }
    }

    private static byte[] bytes(int n) {
      byte[] bytes = new byte[objectBytes];
      new Random(n).nextBytes(bytes);
      return bytes;
    }

    private static long crc(byte[] bytes) {
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      return crc.getValue();
    }
  }

  @Test
  void stateManyTimesTheHeap_isWrittenClosedOpenedAndRead() throws Exception {
    run(SOAK ? "-Xmx64m" : "-Xmx24m", (SOAK ? 2_000_000_000 : 96_000_000) / 16_000, 16_000, 16);
  }

  @Test
  void smallObjectsByTheThousands_areWrittenClosedOpenedAndRead() throws Exception {
    run(SOAK ? "-Xmx128m" : "-Xmx24m", SOAK ? 3_000_000 : 30_000, 16, 256);
  }

  private void run(String heap, int objects, int objectBytes, int callers) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("abide.jvmargs"));
    command.add(Engines.option());
    command.addAll(
        List.of(
            heap,
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            directory.toString(),
            "" + objects,
            "" + objectBytes,
            "" + callers));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    System.out.println(said);
    assertThat(child.waitFor()).as(said).isZero();
  }
}
