package dev.abide.engine.internal.mailbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The fields of the real mailbox, for classes that leave out one of its steps to see it missed, and
 * for tests elsewhere that look at one.
 */
public final class Insides {
  static final int BARRED = 1 << 29;
  static final int INTERRUPTED = 1 << 26;
  static final int LENT = 1 << 25;
  static final int BORROWED = 1 << 24;
  static final int UNATTENDED = 1 << 23;
  static final int COUNT = UNATTENDED - 1;

  static final VarHandle WORD;
  static final VarHandle HEAD;
  static final VarHandle TAIL;
  static final VarHandle WATCHED;

  static {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(Mailbox.class, MethodHandles.lookup());
      WORD = lookup.findVarHandle(Mailbox.class, "word", int.class);
      HEAD = lookup.findVarHandle(Mailbox.class, "head", QueuedTurn.class);
      TAIL = lookup.findVarHandle(Mailbox.class, "tail", QueuedTurn.class);
      WATCHED = lookup.findVarHandle(Mailbox.class, "watched", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Insides() {}

  /** Links a turn as {@code offer} does, and does not count it. */
  static void link(Mailbox mailbox, QueuedTurn turn) {
    QueuedTurn before = (QueuedTurn) TAIL.getAndSet(mailbox, turn);
    if (before == null) {
      HEAD.setRelease(mailbox, turn);
    } else {
      before.linkRelease(turn);
    }
  }

  /** Whether the present turn borrows the object. In that turn; once it is called back no more. */
  public static boolean borrowed(Mailbox mailbox) {
    return ((int) WORD.getVolatile(mailbox) & BORROWED) != 0;
  }

  /** Ends a turn, and sees to nothing that waits; false if something does. As the owner. */
  public static boolean release(Mailbox mailbox) {
    return mailbox.release();
  }
}
