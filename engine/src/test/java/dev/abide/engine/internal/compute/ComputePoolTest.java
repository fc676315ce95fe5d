package dev.abide.engine.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Permits of heavy turns: as many as at the beginning, whatever happens to those who have them. */
@Timeout(60)
class ComputePoolTest {
  private final Queue<String> order = new ConcurrentLinkedQueue<>();
  private final ComputePool pool = new ComputePool(1);

  /** Work that has the permit until the test lets it go. */
  private final class Holding implements Runnable {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    private final String name;

    Holding(String name) {
      this.name = name;
    }

    @Override
    public void run() {
      begun.countDown();
      awaitQuietly(go);
      order.add(name);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /** One may run, and no second one beside it. */
  private void assertOnePermit(ComputePool of) {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(4);
    for (int n = 0; n < 4; n++) {
      of.start(() -> {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        first.countDown();
        awaitQuietly(go);
        running.decrementAndGet();
        all.countDown();
      });
    }
    awaitQuietly(first);
    // Time for a second one to come in, if it may.
    for (int n = 0; n < 10_000; n++) {
      Thread.yield();
    }
    go.countDown();
    awaitQuietly(all);
    assertThat(most).hasValue(1);
  }

  @Test
  void workThatThrows_givesItsPermitBack() {
    pool.start(() -> {
      Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> order.add("thrown"));
      throw new IllegalStateException("meant");
    });

    assertOnePermit(pool);
    assertThat(order).containsExactly("thrown");
  }

  private static ComputePool poor(AtomicBoolean refuse) {
    return new ComputePool(
        1,
        workers ->
            work -> {
              if (refuse.get()) {
                throw new OutOfMemoryError("meant: no thread");
              }
              return workers.newThread(work);
            });
  }

  @Test
  void threadThatCannotBeMade_leavesItsPermit() {
    AtomicBoolean refuse = new AtomicBoolean(true);
    ComputePool poor = poor(refuse);
    assertThatThrownBy(() -> poor.start(() -> {})).isInstanceOf(OutOfMemoryError.class);
    refuse.set(false);

    assertOnePermit(poor);
  }

  @Test
  void threadThatCannotBeMadeForOthers_isNoFailureOfWhoPassesOrWaits() {
    AtomicBoolean refuse = new AtomicBoolean();
    ComputePool poor = poor(refuse);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch passed = new CountDownLatch(1);
    CountDownLatch more = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    poor.start(() -> {
      begun.countDown();
      awaitQuietly(go);
      poor.pass();
      passed.countDown();
      awaitQuietly(more);
      ComputePool left = ComputePool.waits();
      ComputePool.waited(left);
      order.add("went on");
      ended.countDown();
    });
    awaitQuietly(begun);
    refuse.set(true);
    for (int n = 0; n < 3; n++) {
      poor.start(() -> order.add("begun without a thread"));
    }
    go.countDown();
    awaitQuietly(passed);
    for (int n = 0; n < 3; n++) {
      poor.start(() -> order.add("begun without a thread"));
    }
    more.countDown();
    awaitQuietly(ended);
    refuse.set(false);

    assertThat(order).containsExactly("went on");
    assertOnePermit(poor);
  }

  @Test
  void whoComesBackFromAWait_isServedBeforeWorkThatHasNotBegun() {
    CountDownLatch waitOver = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(2);
    AtomicReference<Thread> returning = new AtomicReference<>();
    Holding holding = new Holding("holder");
    pool.start(() -> {
      returning.set(Thread.currentThread());
      ComputePool left = ComputePool.waits();
      awaitQuietly(waitOver);
      ComputePool.waited(left);
      order.add("came back");
      done.countDown();
    });
    pool.start(holding);
    awaitQuietly(holding.begun);
    pool.start(() -> {
      order.add("new");
      done.countDown();
    });
    waitOver.countDown();
    // It stands before the pool now: what it waited for is over.
    while (pool.returning() == 0) {
      Thread.onSpinWait();
    }
    holding.go.countDown();
    awaitQuietly(done);

    assertThat(returning.get().isDaemon()).isTrue();
    assertThat(order).containsExactly("holder", "came back", "new");
    assertOnePermit(pool);
  }

  @Test
  void workThatWaits_isTakenOnce_howeverOftenItIsStarted() {
    Holding holding = new Holding("holder");
    CountDownLatch last = new CountDownLatch(1);
    Runnable work = () -> order.add("work");
    pool.start(holding);
    awaitQuietly(holding.begun);
    pool.start(work);
    pool.start(work);
    pool.start(last::countDown);
    holding.go.countDown();
    awaitQuietly(last);

    assertThat(order).containsExactly("holder", "work");
  }

  @Test
  void pass_letsTheOtherHaveThePermit_andTakesItAgainBehindIt() {
    Holding other = new Holding("other");
    CountDownLatch ready = new CountDownLatch(1);
    CountDownLatch pass = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<Thread> passing = new AtomicReference<>();
    pool.start(() -> {
      passing.set(Thread.currentThread());
      ready.countDown();
      awaitQuietly(pass);
      pool.pass();
      order.add("passed");
      done.countDown();
    });
    awaitQuietly(ready);
    pool.start(other);
    pass.countDown();
    awaitQuietly(other.begun);
    awaitWaiting(passing.get());
    other.go.countDown();
    awaitQuietly(done);

    assertThat(order).containsExactly("other", "passed");
    assertOnePermit(pool);
  }

  @Test
  void pass_whereNobodyWaits_keepsThePermit() {
    CountDownLatch done = new CountDownLatch(1);
    pool.start(() -> {
      pool.pass();
      done.countDown();
    });
    awaitQuietly(done);

    assertOnePermit(pool);
  }

  @Test
  void threadsOfOthers_haveNoPermitToGiveBack() {
    assertThat(ComputePool.waits()).isNull();
    ComputePool.waited(null);
    assertOnePermit(pool);
    assertThat(List.copyOf(order)).isEmpty();
  }
}
