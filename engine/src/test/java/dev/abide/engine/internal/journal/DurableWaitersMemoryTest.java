package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the memory ends, those that wait are not lost: waking them takes none. And of hundreds that
 * one release lets go each is woken, by another one.
 */
@Timeout(60)
final class DurableWaitersMemoryTest {
  private static final int MANY = 500;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicLong durable = new AtomicLong();
  private final AtomicInteger back = new AtomicInteger();

  /** Threads that are parked, for the numbers 1 to {@link #MANY} above what is durable. */
  private List<Thread> waiting(DurableWaiters waiters) {
    List<Thread> all = new ArrayList<>();
    long before = durable.get();
    for (int n = 1; n <= MANY; n++) {
      long number = before + n;
      all.add(
          Thread.ofPlatform()
              .start(() -> {
                waiters.await(number, durable::get, 0);
                back.incrementAndGet();
              }));
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> all.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
    return all;
  }

  private long released(DurableWaiters waiters, long number) {
    durable.set(number);
    long before = threads.getCurrentThreadAllocatedBytes();
    waiters.release(number);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void releaseTakesNoMemory_andWakesAllThatMayGo_andNoOther() throws InterruptedException {
    DurableWaiters waiters = new DurableWaiters();
    List<Thread> first = waiting(waiters);
    // What is used for the first time may take some.
    var _ = released(waiters, MANY);
    for (Thread thread : first) {
      thread.join();
    }
    List<Thread> second = waiting(waiters);

    long bytes = released(waiters, MANY + MANY / 2);

    for (Thread thread : second.subList(0, MANY / 2)) {
      thread.join();
    }
    assertThat(back).hasValue(MANY + MANY / 2);
    assertThat(bytes).isZero();
    assertThat(released(waiters, 2 * MANY)).isZero();
    for (Thread thread : second) {
      thread.join();
    }
    assertThat(back).hasValue(2 * MANY);
  }

  /** In every second place of the tree is one that has gone, and must not keep those below it. */
  @Test
  void oneThatHasLeftByItself_isStoodInFor_byWhoeverComesToWakeIt() throws InterruptedException {
    DurableWaiters waiters = new DurableWaiters();
    List<Thread> all = waiting(waiters);
    durable.set(MANY);
    for (int n = 0; n < MANY; n += 2) {
      // Who is interrupted looks again.
      all.get(n).interrupt();
      all.get(n).join();
    }
    assertThat(back).hasValue(MANY / 2);

    waiters.release(MANY);

    for (Thread thread : all) {
      thread.join();
    }
    assertThat(back).hasValue(MANY);
  }
}
