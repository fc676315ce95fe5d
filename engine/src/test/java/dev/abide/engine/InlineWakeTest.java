package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
    try (Abide abide = Abide.inMemory(given -> given.host(Living.class, LivingObject::new))) {
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

  /** What came while the object woke waits for it, and shares its failure. */
  @Test
  @Timeout(60)
  void callsThatComeDuringAnInlineWake_areRunAfterIt_byTheObjectsThread() throws Exception {
    String id = "inline-joined";
    CountDownLatch constructing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          constructing.countDown();
          go.await();
          return "";
        });
    try (Abide abide = Abide.inMemory(given -> given.host(Living.class, LivingObject::new))) {
      Living object = abide.get(Living.class, id);
      AtomicReference<String> first = new AtomicReference<>();
      Thread waker = Thread.ofVirtual().start(() -> first.set(added(object, "a")));
      constructing.await();
      AtomicReference<String> second = new AtomicReference<>();
      Thread joining = Thread.ofPlatform().start(() -> second.set(added(object, "b")));
      while (joining.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      go.countDown();
      waker.join();
      joining.join();

      assertThat(first).hasValue("a");
      assertThat(second).hasValue("ab");
    }
  }

  private static String added(Living object, String more) {
    try {
      return object.run((context, self) -> self.text.update(text -> text + more));
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
