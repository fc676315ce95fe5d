package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** G15: an interrupt from outside meets the turn that it was meant for, or none. */
class OwnerInterruptTest {
  private static final class Box extends Mailbox {
    final CountDownLatch interrupting = new CountDownLatch(1);
    final AtomicBoolean left = new AtomicBoolean();
    volatile @Nullable Thread owner;
    volatile boolean holdUp;

    Box() {
      super(false);
      markAwake();
    }

    @Override
    protected @Nullable Thread ownersThread() {
      Thread thread = owner;
      if (holdUp && thread != null) {
        interrupting.countDown();
        // Until the owner is where it cannot go on, or has gone on although it must not.
        while (!left.get() && !waitsInRelease(thread)) {
          Thread.yield();
        }
      }
      return thread;
    }

    private static boolean waitsInRelease(Thread thread) {
      return Arrays.stream(thread.getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("settleInterrupt"));
    }

    boolean free() {
      boolean free = release();
      left.set(true);
      return free;
    }
  }

  @Test
  void ownerThatLeaves_whileItIsBeingInterrupted_waits_andLeavesWithoutTheFlag() throws Exception {
    Box box = new Box();
    box.holdUp = true;
    AtomicReference<Boolean> flag = new AtomicReference<>();
    CountDownLatch taken = new CountDownLatch(1);
    Thread owner =
        Thread.ofPlatform()
            .unstarted(() -> {
              assertThat(box.tryTake()).isTrue();
              taken.countDown();
              awaitKeepingInterrupts(box.interrupting);
              assertThat(box.free()).isTrue();
              flag.set(Thread.currentThread().isInterrupted());
            });
    box.owner = owner;
    owner.start();
    taken.await();
    boolean interrupted = box.interruptOwner();
    // Its thread may be in its next call by now, which no interrupt may meet.
    owner.join();

    assertThat(interrupted).isTrue();
    assertThat(flag.get()).as("the flag after the turn").isFalse();
    assertThat(box.tryTake()).as("nothing of it is left in the word").isTrue();
  }

  @Test
  void owner_interruptedTwice_isInterruptedOnce() {
    Box box = new Box();
    box.owner = Thread.currentThread();
    assertThat(box.tryTake()).isTrue();
    assertThat(box.interruptOwner()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(box.interruptOwner()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(box.release()).isTrue();
  }

  @Test
  void interrupt_ofAnObjectThatIsFree_orWhoseThreadCannotBeTold_touchesNobody() {
    Box box = new Box();
    box.owner = Thread.currentThread();
    assertThat(box.interruptOwner()).isFalse();
    box.owner = null;
    assertThat(box.tryTake()).isTrue();
    assertThat(box.interruptOwner()).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(box.release()).isTrue();
    assertThat(box.tryTake()).isTrue();
  }

  @Test
  void retirement_ofAnInterruptedOwner_takesTheFlagBackFirst() {
    Box box = new Box();
    box.owner = Thread.currentThread();
    assertThat(box.tryTake()).isTrue();
    assertThat(box.interruptOwner()).isTrue();
    assertThat(box.tryRetire()).isFalse();
    assertThat(box.release()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(box.tryTake()).isTrue();
    assertThat(box.tryRetire()).isTrue();
  }

  private static void awaitKeepingInterrupts(CountDownLatch latch) {
    while (latch.getCount() != 0) {
      Thread.onSpinWait();
    }
  }
}
