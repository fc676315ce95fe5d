package dev.abide.examples.account;

import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;

/** Money, in cents, that is neither made nor lost when it moves. */
@DurableObject("account")
public interface Account {
  /** What became of a transfer: it has arrived, or it will. */
  enum Outcome {
    /** The other account has it. */
    ARRIVED,
    /** It has left this account, and is delivered later, by itself. */
    ON_ITS_WAY
  }

  /** There is not enough in the account. */
  final class InsufficientFundsException extends Exception {
    private static final long serialVersionUID = 1;

    /** So much was asked for, and so much is there. */
    public InsufficientFundsException(long asked, long balance) {
      super(asked + " cents were asked for, and the account has " + balance);
    }
  }

  /** Puts money in, and says how much there is now. */
  @Exposed
  long deposit(long cents);

  /** How much there is. What is on its way to another account is not here any more. */
  @Exposed
  @ReadOnly
  long balance();

  /** How many transfers are on their way. */
  @Exposed
  @ReadOnly
  int onTheirWay();

  /** Moves money to another account. */
  @Exposed
  Outcome transfer(String to, long cents) throws InsufficientFundsException;

  /** Delivers what is on its way now, and does not wait for its time; how many arrived. */
  @Exposed
  int deliver();

  /**
   * Takes money from another account; called by accounts only. The same transfer may come twice,
   * and counts once. Two accounts that pay each other at the same moment wait for each other, so
   * the wait has a bound.
   */
  @Deadline("2s")
  void receive(String from, long number, long cents);
}
