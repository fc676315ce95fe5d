package dev.abide.engine.internal.activation;

import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import org.jspecify.annotations.Nullable;

/** A turn of the engine's own in an object's mailbox. */
abstract class EngineTurn extends QueuedTurn {
  /** Runs as the object's turn. */
  abstract void run(Activation activation) throws Exception;

  /** The turn has failed and is undone; may commit something of its own. Throws nothing. */
  void failed(Activation activation, Throwable failure) {}

  /** Deletes the object. */
  static final class Delete extends EngineTurn {
    boolean existed;

    @Override
    void run(Activation activation) {
      existed = activation.deleteNow();
    }
  }

  /** Puts the object to sleep. */
  static final class Sleep extends EngineTurn {
    final SleepReason reason;

    /** What the object does beside its turns, and so did not sleep; or null. */
    @Nullable Background busy;

    Sleep(SleepReason reason) {
      this.reason = reason;
    }

    @Override
    void run(Activation activation) {
      try {
        busy = activation.sleepNow(reason);
      } finally {
        activation.fellAsleep();
      }
    }
  }
}
