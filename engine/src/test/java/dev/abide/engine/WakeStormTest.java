package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G1, G3, G9: after a restart everybody wants their object at once. */
@Timeout(120)
class WakeStormTest {
  /** With an alarm each. */
  private static final int ALARMED = 2_000;

  @TempDir Path directory;

  private static String id(int n) {
    return "storm-" + n;
  }

  private void write(int objects) {
    try (Abide abide =
        Engines.open(directory, options -> options.host(Counter.class, CounterObject::new))) {
      for (int n = 0; n < objects; n++) {
        abide.get(Counter.class, id(n)).add(n);
      }
      abide.awaitDurable();
    }
  }

  /** Two callers for each object; each object refuses to wake, the first time, in every tenth. */
  @ParameterizedTest
  @CsvSource({"10000, 100000", "2000, 50"})
  void objects_calledAtOnceAfterARestart_wakeAndAnswer(int objects, int awakeMax) throws Exception {
    write(objects);
    Set<String> refused = ConcurrentHashMap.newKeySet();
    AtomicInteger failedWakes = new AtomicInteger();
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    ConcurrentHashMap<Integer, List<Long>> answers = new ConcurrentHashMap<>();
    try (Abide abide =
        Engines.open(
            directory,
            options ->
                options
                    .awakeMax(awakeMax)
                    .host(
                        Counter.class,
                        context -> {
                          if (context.id().endsWith("7") && refused.add(context.id())) {
                            throw new IllegalStateException("meant");
                          }
                          return new CounterObject(context);
                        }))) {
      CyclicBarrier all = new CyclicBarrier(2 * objects);
      List<Thread> callers = new ArrayList<>();
      for (int n = 0; n < objects; n++) {
        int object = n;
        for (int caller = 0; caller < 2; caller++) {
          callers.add(
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      all.await();
                      Counter counter = abide.get(Counter.class, id(object));
                      long answer;
                      try {
                        answer = counter.increment(1);
                      } catch (WakeException failed) {
                        failedWakes.incrementAndGet();
                        answer = counter.increment(1);
                      }
                      answers
                          .computeIfAbsent(
                              object, _ -> Collections.synchronizedList(new ArrayList<>()))
                          .add(answer);
                    } catch (Throwable failure) {
                      wrong.add(failure);
                    }
                  }));
        }
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(answers).hasSize(objects);
    answers.forEach(
        (object, two) -> assertThat(two).containsExactlyInAnyOrder(object + 1L, object + 2L));
    // One wake of each of these failed; both callers may have waited for it.
    assertThat(failedWakes.get()).isBetween(objects / 10, objects / 5);
  }

  @Test
  void objects_wokenByAlarmsThatFellDueMeanwhile_allHearOfThem_whileCallsAreServed()
      throws Exception {
    ManualClock clock = new ManualClock();
    Set<String> heard = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(ALARMED);
    try (Abide abide = living(clock)) {
      for (int n = 0; n < ALARMED; n++) {
        abide
            .get(Living.class, "alarmed-" + n)
            .send((context, self) -> {
              context.alarms().set("a", Duration.ofHours(1));
              return "";
            });
      }
      abide.awaitDurable();
    }
    clock.advance(Duration.ofHours(2));
    for (int n = 0; n < ALARMED; n++) {
      LivingObject.HOOKS.put(
          "alarm/alarmed-" + n,
          (context, self) -> {
            if (heard.add(context.id())) {
              all.countDown();
            }
            return "";
          });
    }
    try (Abide abide = living(clock)) {
      // Beside the storm, and not behind all of it.
      assertThat(abide.get(Living.class, "other").run((context, self) -> "served"))
          .isEqualTo("served");
      all.await();
    } finally {
      for (int n = 0; n < ALARMED; n++) {
        LivingObject.HOOKS.remove("alarm/alarmed-" + n);
      }
    }

    assertThat(heard).hasSize(ALARMED);
  }

  private Abide living(ManualClock clock) {
    return Engines.open(
        directory, options -> options.clock(clock).host(Living.class, LivingObject::new));
  }
}
