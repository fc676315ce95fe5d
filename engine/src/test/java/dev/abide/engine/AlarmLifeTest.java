package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Shape;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectStore;
import dev.abide.engine.spi.Metrics;
import dev.abide.engine.testing.ManualClock;
import dev.abide.engine.testing.TestAbide;
import java.io.BufferedReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G10 where engines end and begin: closes, crashes, kills. */
class AlarmLifeTest {
  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir Path directory;
  private final String id = "life-" + IDS.incrementAndGet();
  private final ManualClock clock = new ManualClock();

  private Abide open() {
    Abide abide = Shape.DISK.open(directory, options -> options.clock(clock).onReport(r -> {}));
    clock.drive(abide);
    return abide;
  }

  private List<String> alarms() {
    return LivingObject.events(id).stream().filter(event -> event.startsWith("alarm")).toList();
  }

  private static void set(Abide abide, String id, String name, Duration after) throws Exception {
    abide
        .get(Living.class, id)
        .run((context, self) -> {
          context.alarms().set(name, after);
          return "";
        });
  }

  @Test
  void alarm_whoseTimePassedWhileTheEngineWasClosed_goesOffAtTheOpen() throws Exception {
    try (Abide abide = open()) {
      set(abide, id, "a", Duration.ofMinutes(1));
      set(abide, id, "b", Duration.ofDays(1));
    }
    clock.advance(Duration.ofHours(1));
    assertThat(alarms()).isEmpty();

    try (Abide abide = open()) {
      await(() -> assertThat(alarms()).containsExactly("alarm a 0"));
      clock.advance(Duration.ofDays(1));
    }
    assertThat(alarms()).containsExactly("alarm a 0", "alarm b 0");
    try (Abide abide = open()) {
      clock.advance(Duration.ofDays(1));
    }
    assertThat(alarms()).hasSize(2);
  }

  @Test
  void crash_inAnAlarmsTurn_letsItGoOffAgain_andWhatItHadCommittedStays() throws Exception {
    try (TestAbide test = Engines.test(options -> options.host(Living.class, LivingObject::new))) {
      LivingObject.HOOKS.put(
          "alarm/" + id,
          (context, self) -> {
            if (self.number.update(n -> n + 1) == 1) {
              context.commit();
              self.text.set("lost");
              test.crash();
            }
            return "";
          });
      set(test.abide(), id, "a", Duration.ofMinutes(1));
      test.clock().advance(Duration.ofMinutes(1));
      await(() -> assertThat(alarms()).hasSize(2));
      test.awaitQuiet();

      assertThat(
              test.abide()
                  .get(Living.class, id)
                  .run((context, self) ->
                      self.number.get() + self.text.get() + context.alarms().all()))
          .isEqualTo("2[]");
    }
  }

  @Test
  void failure_whoseOwnCommitIsRefused_isTriedAgainFromMemory() throws Exception {
    AtomicBoolean refuses = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    MemoryStore store = new MemoryStore();
    ObjectStore sometimes =
        (ObjectStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("append") && refuses.get()) {
                    refused.incrementAndGet();
                    throw new StorageException("no room", null, true, AbideException.Applied.NO);
                  }
                  try {
                    return method.invoke(store, arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                  }
                });
    Engine engine =
        Engine.over(
            sometimes,
            EngineOptions.of(
                Engines.with(
                    options -> options.clock(clock).host(Living.class, LivingObject::new))));
    try (Abide abide = Access.get().abide(engine)) {
      clock.drive(abide);
      set(abide, id, "a", Duration.ofSeconds(1));
      refuses.set(true);
      clock.advance(Duration.ofSeconds(1));
      assertThat(alarms()).hasSize(1);
      // The turn's commit and the failure's own.
      assertThat(refused).hasValue(2);
      clock.advance(Duration.ofMillis(1_799));
      assertThat(alarms()).hasSize(1);
      clock.advance(Duration.ofMillis(201));
      assertThat(alarms()).hasSize(2);
      clock.advance(Duration.ofMillis(3_599));
      assertThat(alarms()).hasSize(2);
      refuses.set(false);
      clock.advance(Duration.ofMillis(401));
      assertThat(alarms()).hasSize(3);
      clock.advance(Duration.ofDays(1));
      assertThat(alarms()).hasSize(3);
    }
  }

  @Test
  void clockSetBack_whileAnAlarmWaitsForABusyObject_letsItGoOffWhenItIsDueAgain() throws Exception {
    AtomicBoolean back = new AtomicBoolean();
    EngineClock settable =
        new EngineClock() {
          @Override
          public Instant instant() {
            return back.get() ? clock.instant().minusSeconds(10) : clock.instant();
          }

          @Override
          public long nanoTime() {
            return clock.nanoTime();
          }
        };
    try (Abide abide = Shape.DISK.open(directory, options -> options.clock(settable))) {
      clock.drive(abide);
      set(abide, id, "a", Duration.ofSeconds(5));
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      abide
          .get(Living.class, id)
          .send((context, self) -> {
            begun.countDown();
            go.await();
            return "";
          });
      begun.await();
      Thread advance = Thread.ofVirtual().start(() -> clock.advance(Duration.ofSeconds(6)));
      // The alarm is in the mailbox, behind the turn that runs.
      await(() ->
          assertThat(
                  Metrics.of(abide).series().stream()
                      .filter(series -> series.name().equals("abide.mailbox.turns"))
                      .mapToLong(series -> series.value().getAsLong())
                      .sum())
              .isEqualTo(2));
      back.set(true);
      go.countDown();
      advance.join();
      assertThat(alarms()).isEmpty();

      clock.advance(Duration.ofSeconds(8));
      assertThat(alarms()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      assertThat(alarms()).containsExactly("alarm a 0");
    }
  }

  /**
   * Random settings, cancellations, deletions, failures, closes and crashes, against a map of what
   * must go off when.
   */
  @Test
  void randomLives_agreeWithAModel() throws Exception {
    for (int run = 0; run < Integer.getInteger("abide.soak", 3); run++) {
      long seed = System.nanoTime();
      System.out.println("AlarmLifeTest seed " + seed);
      new Model(new Random(seed)).run();
    }
  }

  private final class Model {
    private final Random random;
    private final Path files;
    private final List<String> ids = new ArrayList<>();

    /** When each alarm is due, by object and name. */
    private final TreeMap<String, Instant> due = new TreeMap<>();

    private final ConcurrentLinkedQueue<String> fired = new ConcurrentLinkedQueue<>();
    private Abide abide;

    Model(Random random) throws Exception {
      this.random = random;
      this.files = Files.createTempDirectory(directory, "model");
      for (int n = 0; n < 8; n++) {
        String object = "model-" + IDS.incrementAndGet();
        ids.add(object);
        LivingObject.HOOKS.put(
            "alarm/" + object,
            (context, self) -> {
              fired.add(object + "/" + self.event.name());
              return "";
            });
      }
      abide = openModel();
    }

    private Abide openModel() {
      Abide opened =
          Shape.DISK.open(
              files, options -> options.clock(clock).idleTimeout(Duration.ofSeconds(3)));
      clock.drive(opened);
      return opened;
    }

    void run() throws Exception {
      for (int step = 0; step < 300; step++) {
        String object = ids.get(random.nextInt(ids.size()));
        String name = "n" + random.nextInt(5);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> {
            Duration after = Duration.ofSeconds(random.nextInt(20));
            set(abide, object, name, after.plusSeconds(1));
            due.put(object + "/" + name, clock.instant().plus(after).plusSeconds(1));
          }
          case 3 -> {
            boolean there =
                abide
                    .get(Living.class, object)
                    .run((context, self) -> "" + context.alarms().cancel(name))
                    .equals("true");
            assertThat(due.remove(object + "/" + name) != null).isEqualTo(there);
          }
          case 4 -> {
            if (random.nextInt(4) == 0) {
              abide.delete(Living.class, object);
              due.keySet().removeIf(key -> key.startsWith(object + "/"));
            }
          }
          case 5 -> {
            if (random.nextInt(5) == 0) {
              abide.close();
              abide = openModel();
            }
          }
          default -> clock.advance(Duration.ofMillis(random.nextInt(4_000)));
        }
        check();
      }
      abide.close();
    }

    private void check() throws Exception {
      // What was set for a time to come is not due before the clock is moved.
      List<String> expected = new ArrayList<>();
      due.entrySet()
          .removeIf(alarm -> {
            boolean passed = !alarm.getValue().isAfter(clock.instant());
            if (passed) {
              expected.add(alarm.getKey());
            }
            return passed;
          });
      assertThat(fired).containsExactlyInAnyOrderElementsOf(expected);
      fired.clear();
      List<String> stored = new ArrayList<>();
      for (String object : ids) {
        abide
            .get(Living.class, object)
            .look((context, self) -> {
              context.alarms().all().forEach(alarm -> stored.add(object + "/" + alarm.name()));
              return "";
            });
      }
      assertThat(stored).containsExactlyInAnyOrderElementsOf(due.keySet());
      List<String> existing;
      try (var all = abide.ids(Living.class, "model-")) {
        existing = all.toList();
      }
      assertThat(ids.stream().filter(existing::contains))
          .containsExactlyElementsOf(
              ids.stream()
                  .filter(object -> due.keySet().stream().anyMatch(k -> k.startsWith(object + "/")))
                  .toList());
    }
  }

  /** The process that is killed: an object that counts its own alarms, each setting the next. */
  static final class Ticking {
    private Ticking() {}

    public static void main(String[] args) throws Exception {
      LivingObject.HOOKS.put(
          "alarm/ticker",
          (context, self) -> {
            long count = self.number.update(n -> n + 1);
            context.alarms().set("next", Duration.ofMillis(1));
            context.awaitDurable();
            System.out.println("ticked " + count);
            System.out.flush();
            return "";
          });
      try (Abide abide = Shape.DISK.open(Path.of(args[0]), options -> {})) {
        abide
            .get(Living.class, "ticker")
            .run((context, self) -> {
              if (self.number.get() == 0) {
                context.alarms().set("next", Duration.ZERO);
              }
              return "";
            });
        Thread.currentThread().join();
      }
    }
  }

  @Test
  void killedProcess_goesOnTicking_andForgetsNoTick() throws Exception {
    long last = 0;
    for (int round = 0; round < 4; round++) {
      long told = tickAndKill(last == 0 ? 20 : 10);
      // The one that was under way may have been done and not said.
      assertThat(told).isGreaterThan(last);
      last = told;
    }
  }

  private long tickAndKill(int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Ticking.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long first = 0;
    long told = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (int seen = 0; seen < lines; seen++) {
        String line = out.readLine();
        assertThat(line).as("line %d", seen).startsWith("ticked ");
        long count = Long.parseLong(line.substring(7));
        if (first == 0) {
          first = count;
        } else {
          assertThat(count).isEqualTo(told + 1);
        }
        told = count;
      }
    } finally {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    return told;
  }

  /** Alarms cost disk, not heap: {@code -Dabide.million=true}, and look at the process. */
  @Test
  void million_alarms_costDiskAndNotHeap() throws Exception {
    Assumptions.assumeTrue(
        Boolean.getBoolean("abide.million"), "takes half a minute; -Dabide.million=true");
    try (Abide abide = open()) {
      int objects = 1_000;
      for (int n = 0; n < objects; n++) {
        abide
            .get(Living.class, id + "-" + n)
            .run((context, self) -> {
              for (int alarm = 0; alarm < 1_000; alarm++) {
                context.alarms().set("alarm-" + alarm, Duration.ofDays(1).plusSeconds(alarm));
              }
              return "";
            });
      }
      clock.advance(Duration.ofSeconds(30));
      clock.advance(Duration.ofSeconds(30));
      System.gc();
      Runtime heap = Runtime.getRuntime();
      System.out.printf(
          "heap after a million alarms: %,d KB%n", (heap.totalMemory() - heap.freeMemory()) >> 10);
      assertThat(heap.totalMemory() - heap.freeMemory()).isLessThan(64L << 20);
      long before = System.nanoTime();
      clock.advance(Duration.ofDays(1).plusSeconds(9));
      System.out.printf("10,000 of them in %,d ms%n", (System.nanoTime() - before) / 1_000_000);
      for (int n = 0; n < objects; n++) {
        assertThat(LivingObject.events(id + "-" + n).stream().filter(e -> e.startsWith("alarm")))
            .hasSizeGreaterThanOrEqualTo(9);
      }
    }
  }

  private static void await(org.awaitility.core.ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(condition);
  }
}
