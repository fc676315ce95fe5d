package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * G9, G1: a call to an object that sleeps wakes it on the caller's own thread, where a call that
 * finds it awake would have run there too; and on the object's thread where it would not.
 */
final class InlineWakeTest {
  private static final Consumer<Abide.Options> PLAIN =
      options -> options.host(Living.class, LivingObject::new);

  private static String wokenOn(String id, Consumer<Abide.Options> options, ThrowingCall call)
      throws Exception {
    AtomicReference<Thread> constructed = new AtomicReference<>();
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          constructed.set(Thread.currentThread());
          return "";
        });
    try (Abide abide =
        Abide.inMemory(given -> {
          options.accept(given);
        })) {
      // The first wake of a type is queued.
      abide.get(Living.class, id + "-first").look((context, self) -> "");
      call.on(abide.get(Living.class, id), abide);
    }
    return constructed.get() == Thread.currentThread() ? "caller" : "object";
  }

  private interface ThrowingCall {
    void on(Living object, Abide abide) throws Exception;
  }

  @Test
  void firstCall_andCallAfterSleep_wakeOnTheCallersThread() throws Exception {
    assertThat(wokenOn("inline-first", PLAIN, (object, abide) -> object.run((context, self) -> "")))
        .isEqualTo("caller");
    assertThat(
            wokenOn(
                "inline-slept",
                PLAIN,
                (object, abide) -> {
                  object.send((context, self) -> "");
                  abide.sleep(Living.class, "inline-slept");
                  object.look((context, self) -> "");
                }))
        .isEqualTo("caller");
  }

  @Test
  void callInAnotherObjectsTurn_wakesOnThatTurnsThread_whichIsTheCallersHere() throws Exception {
    assertThat(
            wokenOn(
                "inline-nested",
                PLAIN,
                (object, abide) ->
                    abide
                        .get(Living.class, "inline-outer")
                        .run((context, self) ->
                            context.get(Living.class, "inline-nested").run((inner, other) -> ""))))
        .isEqualTo("caller");
  }

  @Test
  void theFirstWakeOfAType_isQueued_andTheNextIsNot() throws Exception {
    try (Abide abide = Abide.inMemory(PLAIN::accept)) {
      List<Thread> woken = new ArrayList<>();
      for (String id : List.of("type-first", "type-second")) {
        LivingObject.HOOKS.put(
            "construct/" + id,
            (context, self) -> {
              woken.add(Thread.currentThread());
              return "";
            });
        abide.get(Living.class, id).look((context, self) -> "");
      }
      assertThat(woken.getFirst()).isNotSameAs(Thread.currentThread());
      assertThat(woken.getLast()).isSameAs(Thread.currentThread());
    }
  }

  @Test
  void callsThatMayNotRunInline_wakeOnTheObjectsThread() throws Exception {
    assertThat(
            wokenOn(
                "queued-barred",
                PLAIN.andThen(options -> options.inline(false)),
                (object, abide) -> object.run((context, self) -> "")))
        .isEqualTo("object");
    assertThat(
            wokenOn(
                "queued-within",
                PLAIN,
                (object, abide) ->
                    Abide.within(Duration.ofMinutes(1), () -> object.run((context, self) -> ""))))
        .isEqualTo("object");
    assertThat(
            wokenOn(
                "queued-deadline",
                options ->
                    options.host(
                        Living.class,
                        LivingObject::new,
                        type -> type.deadline(Duration.ofMinutes(1))),
                (object, abide) -> object.run((context, self) -> "")))
        .isEqualTo("object");
    assertThat(
            wokenOn(
                "queued-one-way",
                PLAIN,
                (object, abide) -> {
                  CountDownLatch ran = new CountDownLatch(1);
                  object.send((context, self) -> {
                    ran.countDown();
                    return "";
                  });
                  ran.await();
                }))
        .isEqualTo("object");
  }

  @Test
  void wakeThatFails_onTheCallersThread_leavesTheObjectFree_forACallThatConstructsAfresh()
      throws Exception {
    String id = "inline-failing";
    try (Abide abide = warm()) {
      Living object = abide.get(Living.class, id);
      LivingObject.HOOKS.put(
          "wake/" + id,
          (context, self) -> {
            self.text.set("half");
            throw new IllegalStateException("not now");
          });
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> object.run((context, self) -> ""))
            .isInstanceOf(WakeException.class)
            .hasRootCauseMessage("not now");
      }
      LivingObject.HOOKS.remove("wake/" + id);

      assertThat(object.run((context, self) -> "[" + self.text.get() + "]")).isEqualTo("[]");
    }
  }

  /** What came while the object woke waits for it, on the object's thread. */
  @Test
  @Timeout(60)
  void callsThatComeDuringAnInlineWake_areRunAfterIt_byTheObjectsThread() throws Exception {
    String id = "inline-joined";
    try (Abide abide = warm()) {
      Constructing wake = new Constructing(id, () -> "");
      Living object = abide.get(Living.class, id);
      AtomicReference<String> first = new AtomicReference<>();
      Thread waker = Thread.ofVirtual().start(() -> first.set(added(object, "a")));
      wake.begun.await();
      AtomicReference<String> second = new AtomicReference<>();
      Thread joining = Thread.ofPlatform().start(() -> second.set(added(object, "b")));
      awaitTurns(abide, 2);
      wake.go.countDown();
      waker.join();
      joining.join();

      assertThat(wake.thread).hasValue(waker);
      assertThat(first).hasValue("a");
      assertThat(second).hasValue("ab");
    }
  }

  /** The caller's stack is the caller's: a failure for want of it is shared by nobody. */
  @Test
  @Timeout(60)
  void whoWaits_sharesTheFailureOfAnInlineWake_butNotTheEndOfItsCallersStack() throws Exception {
    for (boolean overflow : List.of(false, true)) {
      String id = "inline-shared-" + overflow;
      try (Abide abide = warm()) {
        Constructing wake =
            new Constructing(
                id,
                () -> {
                  if (overflow) {
                    throw new StackOverflowError("of its caller");
                  }
                  throw new IllegalStateException("not now");
                });
        Living object = abide.get(Living.class, id);
        AtomicReference<Throwable> first = new AtomicReference<>();
        Thread waker =
            Thread.ofVirtual().start(() -> first.set(catchThrowable(() -> added(object, "a"))));
        wake.begun.await();
        AtomicReference<Throwable> second = new AtomicReference<>();
        Thread joining =
            Thread.ofVirtual().start(() -> second.set(catchThrowable(() -> added(object, "b"))));
        awaitTurns(abide, 2);
        LivingObject.HOOKS.remove("construct/" + id);
        wake.go.countDown();
        waker.join();
        joining.join();

        if (overflow) {
          assertThat(first.get()).isInstanceOf(StackOverflowError.class);
          assertThat(second.get()).isNull();
        } else {
          assertThat(first.get()).isInstanceOf(WakeException.class);
          assertThat(second.get()).isInstanceOf(WakeException.class);
        }
        assertThat(added(object, "c")).isEqualTo(overflow ? "bc" : "c");
      }
    }
  }

  @Test
  @Timeout(60)
  void interruptThatEndsTheConstructor_leavesTheCallersFlagSet() throws Exception {
    String id = "inline-interrupted-constructor";
    try (Abide abide = warm()) {
      CountDownLatch begun = new CountDownLatch(1);
      LivingObject.HOOKS.put(
          "construct/" + id,
          (context, self) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return "";
          });
      AtomicReference<Throwable> outcome = new AtomicReference<>();
      AtomicBoolean flag = new AtomicBoolean();
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                outcome.set(catchThrowable(() -> added(abide.get(Living.class, id), "a")));
                flag.set(Thread.currentThread().isInterrupted());
              });
      begun.await();
      caller.interrupt();
      caller.join();

      assertThat(outcome.get())
          .isInstanceOf(WakeException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(flag).isTrue();
    }
  }

  private static Abide warm() throws Exception {
    Abide abide = Abide.inMemory(PLAIN::accept);
    abide.get(Living.class, "inline-warm").look((context, self) -> "");
    return abide;
  }

  /** A constructor that waits to be let go on, and then does this. */
  private static final class Constructing {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final AtomicReference<Thread> thread = new AtomicReference<>();

    Constructing(String id, Callable<String> then) {
      LivingObject.HOOKS.put(
          "construct/" + id,
          (context, self) -> {
            thread.set(Thread.currentThread());
            begun.countDown();
            go.await();
            return then.call();
          });
    }
  }

  private static void awaitTurns(Abide abide, long count) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() ->
            Metrics.of(abide).series().stream()
                    .filter(series -> series.name().equals("abide.mailbox.turns"))
                    .mapToLong(series -> series.value().getAsLong())
                    .sum()
                == count);
  }

  private static String added(Living object, String more) {
    try {
      return object.run((context, self) -> self.text.update(text -> text + more));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void interruptedThread_wakesNothing() {
    String id = "inline-interrupted";
    try (Abide abide = Abide.inMemory(given -> given.host(Living.class, LivingObject::new))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> abide.get(Living.class, id).run((context, self) -> ""))
          .isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(LivingObject.events(id)).isEmpty();
    }
  }
}
