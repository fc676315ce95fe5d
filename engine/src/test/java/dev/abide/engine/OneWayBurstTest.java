package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.OneWay;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One-way turns that are given back to the mailbox's word together (G3, G7). */
class OneWayBurstTest {
  /** Ends as it is told. */
  @DurableObject("burst")
  interface Burst {
    void hold();

    @OneWay
    void pass();

    @OneWay
    void overthrow();

    int instance();
  }

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger made = new AtomicInteger();

  private final class BurstObject implements Burst {
    private final int number = made.incrementAndGet();

    private BurstObject(ObjectContext context) {
      if (number == 2) {
        throw new IllegalStateException("once");
      }
    }

    @Override
    public void hold() {
      held.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void pass() {}

    @Override
    public void overthrow() {
      throw new ResetException("asked for");
    }

    @Override
    public int instance() {
      return number;
    }
  }

  @Test
  void failedWakeBehindABurst_isAnsweredToThoseWhoWaitedForItOnly() throws InterruptedException {
    try (Abide abide =
        Engines.inMemory(
            options -> options.host(Burst.class, context -> new BurstObject(context)))) {
      Burst burst = abide.get(Burst.class, "one");
      Thread holder = Thread.ofVirtual().start(burst::hold);
      held.await();
      for (int n = 0; n < 40; n++) {
        burst.pass();
      }
      burst.overthrow();
      burst.pass();
      goOn.countDown();
      holder.join();
      abide.awaitDurable();

      assertThat(burst.instance()).isEqualTo(3);
    }
  }

  /** G11: a drain gives ended turns back several at a time, and a mailbox may be small. */
  @Test
  void turnsOfABurst_thatHaveEnded_takeNoRoomInTheMailbox() throws InterruptedException {
    CountDownLatch last = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (Abide abide =
        Engines.inMemory(options -> options.host(Script.class, ScriptObject::new).mailboxMax(16))) {
      Script script = abide.get(Script.class, "one");
      script.send((context, self) -> {
        goOn.await();
        return "";
      });
      for (int n = 0; n < 14; n++) {
        script.send((context, self) -> "");
      }
      script.send((context, self) -> {
        last.countDown();
        end.await();
        return "";
      });
      assertThatThrownBy(() -> script.send((context, self) -> ""))
          .isInstanceOf(OverloadedException.class);
      goOn.countDown();
      last.await();

      // One runs, and at most an eighth of the sixteen may still be counted.
      for (int n = 0; n < 13; n++) {
        script.send((context, self) -> "");
      }
      end.countDown();
      abide.awaitDurable();
    }
  }
}
