package dev.abide.engine.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.AbideException;
import dev.abide.engine.Caller;
import dev.abide.engine.ClosedException;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.Report;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.testing.TestAbide;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The asynchronous door. */
class DoorTest {
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final CountDownLatch waking = new CountDownLatch(1);
  private final Semaphore wakes = new Semaphore(0);

  private final TestAbide test =
      Engines.test(options ->
          options
              .host(Counter.class, this::counter)
              .host(Script.class, ScriptObject::new)
              .onReport(reports::add));
  private final Door door = Door.of(test.abide());
  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final AtomicReference<Thread> answeredOn = new AtomicReference<>();

  private final AtomicInteger over = new AtomicInteger();

  private final Door.Answer answer =
      new Door.Answer() {
        @Override
        public void value(@Nullable Object value) {
          answeredOn.set(Thread.currentThread());
          answers.add(value == null ? "void" : value);
        }

        @Override
        public void failure(Throwable failure) {
          answeredOn.set(Thread.currentThread());
          answers.add(failure);
        }

        @Override
        public void over() {
          over.incrementAndGet();
        }
      };

  /** One of the id "slow" wakes when the test says so, interrupted or not. */
  private CounterObject counter(ObjectContext context) {
    if (context.id().equals("slow")) {
      waking.countDown();
      wakes.acquireUninterruptibly();
    }
    return new CounterObject(context);
  }

  @AfterEach
  void close() {
    wakes.release(10);
    test.close();
  }

  private MethodDescriptor method(String type, String name) {
    return Objects.requireNonNull(door.descriptor(type)).methods().stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void call_ofAnExposedMethod_isAnsweredOnceOnAVirtualThread() throws Exception {
    door.call(
        "counter", "a", method("counter", "increment"), new Object[] {2L}, null, null, answer);

    assertThat(answers.take()).isEqualTo(2L);
    assertThat(answeredOn.get().isVirtual()).isTrue();
    test.awaitQuiet();
    assertThat(answers).isEmpty();
    assertThat(over).hasPositiveValue();
  }

  @Test
  void call_ofAOneWayMethod_isAnsweredWhenAccepted() throws Exception {
    door.call("counter", "a", method("counter", "add"), new Object[] {2L}, null, null, answer);

    assertThat(answers.take()).isEqualTo("void");
    test.awaitQuiet();
    assertThat(test.abide().get(Counter.class, "a").value()).isEqualTo(2);
  }

  @Test
  void call_ofAMethodThatIsNotExposed_isRefused() {
    assertThatThrownBy(() ->
            door.call(
                "counter", "a", method("counter", "remove"), new Object[] {}, null, null, answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@Exposed");
  }

  @Test
  void call_withWrongArguments_isRefused() {
    MethodDescriptor increment = method("counter", "increment");
    assertThatThrownBy(
            () -> door.call("counter", "a", increment, new Object[] {}, null, null, answer))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> door.call("counter", "a", increment, new Object[] {"two"}, null, null, answer))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> door.call("nobody", "a", increment, new Object[] {2L}, null, null, answer))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void deadline_whileQueued_answersThatNothingRan() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread holder = Thread.ofVirtual().start(() -> hold(begun, go));
    begun.await();
    door.call(
        "script",
        "s",
        method("script", "name"),
        new Object[] {},
        new Caller("ann", Map.of()),
        Duration.ofSeconds(1),
        answer);
    test.clock().advance(Duration.ofSeconds(2));

    assertThat(answers.take())
        .isInstanceOfSatisfying(
            DeadlineException.class,
            late -> assertThat(late.applied()).isEqualTo(AbideException.Applied.NO));
    // It lies in the mailbox still, with its arguments.
    assertThat(over).hasValue(0);
    go.countDown();
    holder.join();
    test.awaitQuiet();
    assertThat(answers).isEmpty();
    await().untilAsserted(() -> assertThat(over).hasPositiveValue());
  }

  @Test
  void deadline_whileTheTurnRuns_isAnAnswer_andTheTurnIsOverLater() throws Exception {
    door.call(
        "counter",
        "slow",
        method("counter", "increment"),
        new Object[] {2L},
        null,
        Duration.ofSeconds(1),
        answer);
    waking.await();
    test.clock().advance(Duration.ofSeconds(2));
    assertThat(answers.take()).isInstanceOf(DeadlineException.class);
    assertThat(over).hasValue(0);

    wakes.release();

    await().untilAsserted(() -> assertThat(over).hasPositiveValue());
    assertThat(answers).isEmpty();
  }

  @Test
  void oneWayCall_isAnsweredBeforeItIsOver() throws Exception {
    door.call("counter", "slow", method("counter", "add"), new Object[] {2L}, null, null, answer);
    assertThat(answers.take()).isEqualTo("void");
    waking.await();
    assertThat(over).hasValue(0);

    wakes.release();

    await().untilAsserted(() -> assertThat(over).hasPositiveValue());
  }

  @Test
  void callThatIsRefused_isOverAtOnce() throws Exception {
    test.abide().close();
    door.call(
        "counter", "a", method("counter", "increment"), new Object[] {2L}, null, null, answer);

    assertThat(answers.take()).isInstanceOf(ClosedException.class);
    assertThat(over).hasPositiveValue();
  }

  /** Takes what it is told, and throws when the call is over. */
  private final class Throwing implements Door.Answer {
    @Override
    public void value(@Nullable Object value) {
      answer.value(value);
    }

    @Override
    public void failure(Throwable failure) {
      answer.failure(failure);
    }

    @Override
    public void over() {
      throw new IllegalStateException("over, as the test wants");
    }
  }

  @Test
  void answerThatThrowsWhenACancelledCallIsOver_isReported_andTheObjectGoesOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread holder = Thread.ofVirtual().start(() -> hold(begun, go));
    begun.await();
    MethodDescriptor name = method("script", "name");
    door.call("script", "s", name, new Object[] {}, null, Duration.ofSeconds(1), new Throwing());
    test.clock().advance(Duration.ofSeconds(2));
    assertThat(answers.take()).isInstanceOf(DeadlineException.class);
    door.call("script", "s", name, new Object[] {}, null, null, answer);

    go.countDown();

    assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("s");
    holder.join();
    assertOverIsReported();
  }

  @Test
  void answerThatThrowsWhenACallIsOver_isReported_answered_andTheObjectGoesOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread holder = Thread.ofVirtual().start(() -> hold(begun, go));
    begun.await();
    MethodDescriptor name = method("script", "name");
    door.call("script", "s", name, new Object[] {}, null, null, new Throwing());
    door.call("script", "s", name, new Object[] {}, null, null, answer);

    go.countDown();

    assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("s");
    assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo("s");
    holder.join();
    assertOverIsReported();
  }

  private void assertOverIsReported() {
    await()
        .untilAsserted(() ->
            assertThat(reports)
                .singleElement()
                .satisfies(report -> {
                  assertThat(report.kind()).isEqualTo(Report.Kind.INTERNAL);
                  assertThat(report.message()).contains("script/s", "over, as the test wants");
                }));
  }

  private void hold(CountDownLatch begun, CountDownLatch go) {
    try {
      test.abide()
          .get(Script.class, "s")
          .run((context, self) -> {
            begun.countDown();
            go.await();
            return "";
          });
    } catch (Exception e) {
      answers.add(e);
    }
  }
}
