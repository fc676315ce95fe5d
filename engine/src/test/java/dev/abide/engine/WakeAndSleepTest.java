package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G9 and G3: the hooks of waking and sleeping. */
final class WakeAndSleepTest extends ShapedTest {
  private List<String> events() {
    return LivingObject.events(id);
  }

  private String text() throws Exception {
    return living("").look((context, self) -> self.text.get());
  }

  @Test
  void onWake_andTheConstructor_areOneCommit_beforeTheCallThatWoke() throws Exception {
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> context.storage().cell("c", Long.class, 0L).update(n -> n + 1) + "");
    LivingObject.HOOKS.put("wake/" + id, (context, self) -> self.text.update(t -> t + "w"));

    // A read-only call that throws: what the wake wrote is kept all the same.
    assertThatThrownBy(() ->
            living("")
                .look((context, self) -> {
                  throw new IllegalArgumentException(self.text.get());
                }))
        .hasMessage("w");
    abide.sleep(Living.class, id);
    assertThat(text()).isEqualTo("ww");
    assertThat(
            living("").run((context, self) -> context.storage().cell("c", Long.class).get() + ""))
        .isEqualTo("" + events().stream().filter("wake"::equals).count());
  }

  @Test
  void onWake_thatThrows_isAWakeException_andKeepsNothingOfTheConstructorEither() throws Exception {
    LivingObject.HOOKS.put(
        "construct/" + id, (context, self) -> self.number.update(n -> n + 1) + "");
    LivingObject.HOOKS.put(
        "wake/" + id,
        (context, self) -> {
          self.text.set("half");
          throw new IllegalStateException("not today");
        });
    assertThatThrownBy(this::text)
        .isInstanceOfSatisfying(
            WakeException.class,
            failed -> {
              assertThat(failed.applied()).isEqualTo(AbideException.Applied.NO);
              assertThat(failed.retryable()).isTrue();
            })
        .hasMessageContaining("onWake of living/" + id)
        .hasRootCauseMessage("not today");
    LivingObject.HOOKS.remove("wake/" + id);

    assertThat(living("").run((context, self) -> self.text.get() + self.number.get()))
        .isEqualTo("1");
  }

  @Test
  void onSleep_afterTheIdleTimeout_mayWriteAndCallOthers() throws Exception {
    LivingObject.HOOKS.put(
        "sleep/" + id,
        (context, self) -> {
          context.get(Counter.class, id).increment(1);
          return self.text.update(t -> t + "z");
        });
    living("").run((context, self) -> "");
    clock.advance(Duration.ofSeconds(11));
    await(() -> assertThat(events()).hasSizeGreaterThanOrEqualTo(2));

    assertThat(events().get(1)).isIn("sleep IDLE", "sleep AWAKE_MAX");
    assertThat(text()).startsWith("z");
    assertThat(counter().value()).isPositive();
  }

  @Test
  void whatOnSleepWrites_isACommitOfItsOwn() throws Exception {
    Assumptions.assumeTrue(shape.onDisk(), "what is in memory ends with its engine");
    LivingObject.HOOKS.put("sleep/" + id, (context, self) -> self.text.update(t -> "slept"));
    living("").run((context, self) -> "");
    abide.sleep(Living.class, id);
    LivingObject.HOOKS.remove("sleep/" + id);
    abide.close();
    abide = shape.open(directory, this::options);
    clock.drive(abide);

    assertThat(text()).isEqualTo("slept");
  }

  @Test
  void onSleep_isToldWhyTheObjectSleeps() throws Exception {
    living("").run((context, self) -> "");
    abide.sleep(Living.class, id);
    living("other").run((context, self) -> "");
    abide.close();

    if (shape.name().endsWith("IDLE_ZERO")) {
      // Two sleeps are on their way at once; the first one is told.
      assertThat(events()).containsAnyOf("sleep IDLE", "sleep ASKED");
    } else {
      assertThat(events()).contains("sleep ASKED");
      assertThat(LivingObject.events(id + "other").getLast()).isEqualTo("sleep CLOSE");
    }
  }

  @Test
  void onSleep_thatThrows_isReported_andTheObjectSleepsWithoutWhatItWrote() throws Exception {
    LivingObject.HOOKS.put(
        "sleep/" + id,
        (context, self) -> {
          self.text.set("half");
          throw new IllegalStateException("no sleep");
        });
    living("").run((context, self) -> "");
    abide.sleep(Living.class, id);
    await(() -> assertThat(reports).isNotEmpty());

    assertThat(reports.peek().kind()).isEqualTo(Report.Kind.SLEEP_FAILED);
    assertThat(reports.peek().cause()).hasMessage("no sleep");
    assertThat(text()).isEmpty();
    assertThat(events()).filteredOn("wake"::equals).hasSizeGreaterThan(1);
  }

  @Test
  void reset_andDeletion_callNoOnSleep() throws Exception {
    assumeObjectsStayAwake();
    living("").run((context, self) -> self.text.update(t -> "x"));
    assertThatThrownBy(() ->
            living("")
                .run((context, self) -> {
                  self.text.set("y");
                  throw new IllegalStateException("reset");
                }))
        .hasMessage("reset");
    assertThat(text()).isEqualTo("x");
    abide.delete(Living.class, id);

    assertThat(events()).containsExactly("wake", "wake");
  }

  @Test
  void awakeMax_putsTheLongestIdleToSleep() throws Exception {
    try (Abide own =
        shape.open(
            directory.resolve("own"),
            options -> options(options.awakeMax(2).idleTimeout(Duration.ofHours(1))))) {
      clock.drive(own);
      for (String name : List.of("a", "b", "a", "c")) {
        own.get(Living.class, id + name).run((context, self) -> "");
        clock.advance(Duration.ofSeconds(1));
      }
      await(() -> assertThat(LivingObject.events(id + "b")).contains("sleep AWAKE_MAX"));

      assertThat(LivingObject.events(id + "a")).containsExactly("wake");
      assertThat(LivingObject.events(id + "c")).containsExactly("wake");
    }
  }

  @Test
  void awakeMax_passesOverObjectsThatWork_andPutsOthersToSleep() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Abide own =
        shape.open(
            directory.resolve("own"),
            options -> options(options.awakeMax(2).idleTimeout(Duration.ofHours(1))))) {
      clock.drive(own);
      own.get(Living.class, id + "works")
          .run((context, self) -> {
            context.background(over::await);
            return "";
          });
      clock.advance(Duration.ofSeconds(1));
      for (String name : List.of("a", "b")) {
        own.get(Living.class, id + name).run((context, self) -> "");
        clock.advance(Duration.ofSeconds(1));
      }
      await(() -> assertThat(LivingObject.events(id + "a")).contains("sleep AWAKE_MAX"));

      assertThat(LivingObject.events(id + "works")).containsExactly("wake");
      assertThat(LivingObject.events(id + "b")).containsExactly("wake");
      over.countDown();
    }
  }

  /** A call on a thread of its own, and what became of it. */
  private static CompletableFuture<Object> calling(Callable<Object> call) {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(call.call());
          } catch (Throwable failure) {
            outcome.complete(failure);
          }
        });
    return outcome;
  }

  private long turnsInMailboxes() {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.mailbox.turns"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  @Test
  @Timeout(60)
  void constructor_thatThrows_runsOnceForAllThatWaitForIt_andTheNextCallConstructsAfresh()
      throws Exception {
    CountDownLatch constructing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger constructed = new AtomicInteger();
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          constructed.incrementAndGet();
          constructing.countDown();
          go.await();
          throw new IllegalStateException("not yet");
        });
    List<CompletableFuture<Object>> callers = new ArrayList<>();
    callers.add(calling(() -> living("").run((context, self) -> "first")));
    constructing.await();
    callers.add(calling(() -> living("").run((context, self) -> "second")));
    callers.add(calling(() -> living("").look((context, self) -> "third")));
    await(() -> assertThat(turnsInMailboxes()).isEqualTo(3));
    go.countDown();

    for (CompletableFuture<Object> caller : callers) {
      assertThat(caller.get()).isInstanceOf(WakeException.class);
    }
    assertThat(constructed).hasValue(1);
    LivingObject.HOOKS.remove("construct/" + id);
    assertThat(living("").run((context, self) -> "fresh")).isEqualTo("fresh");
  }

  @Test
  @Timeout(60)
  void constructor_thatTakesTooLong_isInterruptedByTheDeadline_andTheNextCallConstructsAfresh()
      throws Exception {
    CountDownLatch constructing = new CountDownLatch(1);
    AtomicReference<Throwable> interrupted = new AtomicReference<>();
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          constructing.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.set(e);
            throw e;
          }
          return "";
        });
    CompletableFuture<Object> inTime =
        calling(() ->
            Abide.within(Duration.ofSeconds(10), () -> living("").run((context, self) -> "never")));
    constructing.await();
    clock.advance(Duration.ofSeconds(11));

    assertThat(inTime.get())
        .isInstanceOfSatisfying(
            DeadlineException.class,
            late -> assertThat(late.applied()).isEqualTo(AbideException.Applied.UNKNOWN));
    await(() -> assertThat(interrupted.get()).isNotNull());
    LivingObject.HOOKS.remove("construct/" + id);
    assertThat(living("").run((context, self) -> "fresh")).isEqualTo("fresh");
    assertThat(events()).contains("wake");
  }

  @Test
  @Timeout(60)
  void constructor_thatNeverEnds_isReported_andWhoWaitsForItIsLetGoByTheBoundOfTheQueue()
      throws Exception {
    CountDownLatch constructing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          constructing.countDown();
          go.await();
          return "";
        });
    CompletableFuture<Object> first = calling(() -> living("").run((context, self) -> "first"));
    constructing.await();
    CompletableFuture<Object> second = calling(() -> living("").run((context, self) -> "second"));
    // Two in the mailbox: the second cannot be let go before it is there.
    await(() -> assertThat(turnsInMailboxes()).isEqualTo(2));
    clock.advance(Duration.ofSeconds(61));
    clock.advance(Duration.ofSeconds(1));

    assertThat(second.get())
        .isInstanceOfSatisfying(
            DeadlineException.class,
            late -> {
              assertThat(late.applied()).isEqualTo(AbideException.Applied.NO);
              assertThat(late.retryable()).isTrue();
            });
    await(() ->
        assertThat(reports)
            .anySatisfy(report -> {
              assertThat(report.kind()).isEqualTo(Report.Kind.LONG_TURN);
              assertThat(report.message()).contains("living/" + id);
            }));
    go.countDown();
    assertThat(first.get()).isEqualTo("first");
  }
}
