package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** G2, G3: what else may come to an object while it is lent, one step after the other. */
class LoanTest {
  private static final short LOANS = 2;

  @Test
  void objectThatIsLentAndFree_hasNoTurnToInterrupt() {
    Owned mailbox = lent();

    // Its last owner's thread is still written there, and is about to do something else.
    assertThat(mailbox.interruptOwner()).isFalse();
    assertThat(mailbox.interrupts).isZero();
    assertThat(mailbox.tryTakeBack(0)).isTrue();
    assertThat(mailbox.wasInterrupted()).isFalse();
  }

  @Test
  void turnThatBorrows_isInterrupted_andTheMarkEndsWithIt() {
    Owned mailbox = lent();

    assertThat(mailbox.tryBorrow()).isTrue();
    assertThat(mailbox.interruptOwner()).isTrue();
    assertThat(mailbox.wasInterrupted()).isTrue();
    assertThat(mailbox.release()).isTrue();

    assertThat(mailbox.takenBack).isEqualTo(1);
    assertThat(mailbox.tryTakeBack(0)).isTrue();
    assertThat(mailbox.wasInterrupted()).isFalse();
    assertThat(mailbox.length()).isEqualTo(1);
  }

  @Test
  void interruptOfATurnThatBorrows_outlastsTheLoan() {
    Owned mailbox = lent();

    assertThat(mailbox.tryBorrow()).isTrue();
    assertThat(mailbox.interruptOwner()).isTrue();
    assertThat(mailbox.tryTakeBack(0)).isFalse();
    assertThat(mailbox.wasInterrupted()).isTrue();

    assertThat(mailbox.release()).as("one waits, and is this owner's now").isFalse();
    assertThat(mailbox.takenBack).isEqualTo(1);
  }

  @Test
  void barredDuringALoan_nobodyBorrowsAnyMore() {
    Owned mailbox = lent();

    mailbox.bar();

    assertThat(mailbox.tryBorrow()).isFalse();
    assertThat(mailbox.tryTakeBack(0)).isTrue();
    assertThat(mailbox.tryLend(LOANS)).isFalse();
    assertThat(mailbox.release()).as("free").isTrue();
    assertThat(mailbox.tryTake()).isFalse();
  }

  @Test
  void asManyBorrowAsAreAllowed() {
    Owned mailbox = lent();

    for (int n = 0; n < LOANS; n++) {
      assertThat(mailbox.tryBorrow()).isTrue();
      assertThat(mailbox.tryBorrow()).as("two at once").isFalse();
      assertThat(mailbox.release()).isTrue();
    }
    assertThat(mailbox.tryBorrow()).isFalse();
  }

  @Test
  void turnThatNobodyWaitsFor_endsBorrowing_untilNothingWaits() {
    Owned mailbox = lent();

    mailbox.add(null);

    assertThat(mailbox.tryBorrow()).isFalse();
    assertThat(mailbox.tryTakeBack(0)).isTrue();
    assertThat(mailbox.release()).isFalse();
    assertThat(mailbox.tryLend(LOANS)).as("one of both waits, nobody knows which").isFalse();
    assertThat(mailbox.release()).as("free").isTrue();
    mailbox.add(Thread.currentThread());
    assertThat(mailbox.tryLend(LOANS)).isTrue();
  }

  /** One caller waits, and the drain is away. */
  private static Owned lent() {
    Owned mailbox = new Owned();
    mailbox.add(Thread.currentThread());
    assertThat(mailbox.tryLend(LOANS)).isTrue();
    return mailbox;
  }

  private static final class Waiting extends QueuedTurn {}

  /** Always says on which thread its owner runs, and counts what is done to that thread. */
  private static final class Owned extends Mailbox {
    int interrupts;
    int takenBack;

    Owned() {
      super(false);
      markAwake();
    }

    void add(@Nullable Thread waiter) {
      Waiting turn = new Waiting();
      turn.waiter = waiter;
      var _ = offer(turn, 100);
    }

    @Override
    protected Thread ownersThread() {
      interrupts++;
      // Never started: an interrupt only marks it.
      return new Thread();
    }

    @Override
    protected void takeInterruptBack() {
      takenBack++;
    }
  }
}
