package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine needs of its JVM, and what it leaves alone: in processes of their own. */
class BareJvmTest {
  @TempDir Path directory;

  /** An engine in memory. */
  static final class InMemory {
    private InMemory() {}

    public static void main(String[] args) {
      try (Abide abide =
          Abide.inMemory(options -> options.host(Counter.class, CounterObject::new))) {
        System.out.println("counted " + abide.get(Counter.class, "a").increment(3));
      }
      boolean loaded =
          Stream.of(Thread.getAllStackTraces().keySet().toArray(Thread[]::new))
              .anyMatch(thread -> thread.getName().startsWith("abide-store"));
      System.out.println(loaded ? "store threads" : "no store threads");
    }
  }

  /** Alarms in memory, without the library that reads cron expressions. */
  static final class Alarms {
    private Alarms() {}

    public static void main(String[] args) throws Exception {
      CountDownLatch rang = new CountDownLatch(1);
      LivingObject.HOOKS.put(
          "alarm/a",
          (context, self) -> {
            rang.countDown();
            return "";
          });
      try (Abide abide = Abide.inMemory(options -> options.host(Living.class, LivingObject::new))) {
        abide
            .get(Living.class, "a")
            .run((context, self) -> {
              context.alarms().every("beat", Duration.ofMillis(20));
              try {
                context.alarms().every("noon", "0 12 * * *", ZoneOffset.UTC);
              } catch (IllegalStateException refused) {
                System.out.println(refused.getMessage());
              }
              return "";
            });
        rang.await();
        System.out.println("rang");
      }
    }
  }

  /** An engine over a directory. */
  static final class OnDisk {
    private OnDisk() {}

    public static void main(String[] args) {
      try (Abide abide = Shape.DISK.open(Path.of(args[0]), options -> {})) {
        System.out.println("counted " + abide.get(Counter.class, "a").increment(3));
      } catch (StorageException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  private List<String> run(Class<?> main, List<String> flags) throws Exception {
    return run(main, flags, System.getProperty("java.class.path"));
  }

  private List<String> run(Class<?> main, List<String> flags, String classPath) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.add(directory.resolve("data").toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    }
    assertThat(process.waitFor()).isZero();
    return lines;
  }

  @Test
  void inMemory_inABareJvm_works() throws Exception {
    assertThat(run(InMemory.class, List.of("--illegal-native-access=deny")))
        .containsExactly("counted 3", "no store threads");
  }

  @Test
  void inMemory_withoutCronUtils_hasAlarms_andSaysWhatCronNeeds() throws Exception {
    String few =
        Stream.of(System.getProperty("java.class.path").split(":"))
            .filter(entry ->
                !entry.endsWith(".jar")
                    || entry.contains("abide")
                    || entry.contains("slf4j-api")
                    || entry.contains("jspecify"))
            .collect(Collectors.joining(":"));

    assertThat(run(Alarms.class, List.of(), few))
        .satisfiesExactly(
            line -> assertThat(line).contains("0 12 * * *").contains("com.cronutils:cron-utils"),
            line -> assertThat(line).isEqualTo("rang"));
  }

  @Test
  void open_withoutTheFlags_printsTheLineToAdd() throws Exception {
    assertThat(run(OnDisk.class, List.of()))
        .singleElement()
        .asString()
        .contains("--add-opens java.base/java.lang=ALL-UNNAMED")
        .contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED");
  }

  @Test
  void open_leavesTheHomeDirectoryAlone() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    List<String> flags = List.of("@" + Path.of("abide.jvmargs"), "-Duser.home=" + home);

    assertThat(run(OnDisk.class, flags)).containsExactly("counted 3");
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).isEmpty();
    }
    try (Stream<String> jars = Stream.of(System.getProperty("java.class.path").split(":"))) {
      assertThat(jars).noneMatch(jar -> jar.contains("analytics"));
    }
  }
}
