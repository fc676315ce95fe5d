package dev.abide.engine.internal.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Report;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.internal.Access;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.Turn;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows the end of a call that came through a door. */
class CompletionTest implements Door.Answer {
  private static final int CALLS = 200;

  @TempDir Path directory;

  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final AtomicInteger over = new AtomicInteger();
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private GatedEngine gated;
  private Engine engine;

  @BeforeEach
  void open() {
    gated =
        GatedEngine.open(
            directory,
            options -> options.host(Counter.class, CounterObject::new).onReport(reports::add));
    engine = Access.get().engine(gated.abide());
  }

  @AfterEach
  void close() {
    gated.close();
  }

  @Override
  public void value(@Nullable Object value) {
    answers.add(Objects.requireNonNull(value));
  }

  @Override
  public void failure(Throwable failure) {
    answers.add(failure);
  }

  @Override
  public void over() {
    over.incrementAndGet();
  }

  /** A call of {@code add}, with a result all the same. */
  private static final class Ended extends Call {
    Ended(MethodDescriptor method) {
      super(method);
    }

    @Override
    protected void run(Turn turn, Object instance) {
      throw new AssertionError("it has ended");
    }

    @Override
    protected Object boxedResult() {
      return 7L;
    }
  }

  private Ended ended(@Nullable Throwable failure, long commit) {
    MethodDescriptor method =
        Objects.requireNonNull(Door.of(gated.abide()).descriptor("counter")).methods().stream()
            .filter(each -> each.name().equals("add"))
            .findFirst()
            .orElseThrow();
    Ended call = new Ended(method);
    call.failure = failure;
    call.commit = commit;
    call.written = commit;
    call.publishDone();
    return call;
  }

  /** In a frame of its own, which keeps nothing of the call. */
  private WeakReference<Call> endOnce(long commit) {
    Ended call = ended(null, commit);
    call.completion = new Once(engine, this);
    call.tell();
    return new WeakReference<>(call);
  }

  @Test
  void callThatIsOver_isNotKept_whileItsAnswerWaitsForTheDisk() throws Exception {
    gated.disk().shut();
    Thread writes =
        Thread.ofVirtual().start(() -> gated.abide().get(Counter.class, "a").increment(1));
    gated.awaitCommits(1);

    WeakReference<Call> call = endOnce(1);

    assertThat(over).hasValue(1);
    await()
        .until(() -> {
          System.gc();
          return call.get() == null;
        });
    assertThat(answers).isEmpty();
    gated.disk().open();
    assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo(7L);
    writes.join();
  }

  @Test
  void oneWayCallThatIsFoundDoneByTwo_isReportedOnce() {
    ObjectTarget target = engine.target(Objects.requireNonNull(engine.hosted("counter")), "a");
    for (int n = 0; n < CALLS; n++) {
      Ended call = ended(new IllegalStateException("number " + n), 0);
      call.completion = new AsyncDoor.OneWay(target, this);
      // The scanner, which found it running, and the runner.
      call.tell();
      call.tell();
    }
    // Were all told twice, many of these would be there twice.
    await()
        .untilAsserted(() ->
            assertThat(reports).extracting(Report::message).hasSizeGreaterThanOrEqualTo(CALLS));
    assertThat(reports).hasSize(CALLS).doesNotHaveDuplicates();
    assertThat(reports)
        .extracting(report -> Objects.requireNonNull(report.cause()).getMessage())
        .doesNotHaveDuplicates();
  }
}
