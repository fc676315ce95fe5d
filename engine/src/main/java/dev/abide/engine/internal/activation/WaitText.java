package dev.abide.engine.internal.activation;

import dev.abide.engine.internal.cycle.Holder;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.spi.StageCall;
import dev.abide.engine.spi.Turn;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom, and behind what, in words. Looks from outside, so it may be late by a step.
 */
final class WaitText {
  private static final int LINKS_MAX = 16;

  private WaitText() {}

  /** {@code a waits for b, which ...}. */
  static String of(Activation holder, Wait wait) {
    StringBuilder text = new StringBuilder(holder.toString());
    @Nullable Wait next = wait;
    Activation at = holder;
    for (int link = 0; next != null && link < LINKS_MAX; link++) {
      at = (Activation) next.callee();
      if (next.joins() && next.over()) {
        return text.append(stage(at, next.turn())).toString();
      }
      text.append(" waits for ").append(at);
      if (next.turn().queued()) {
        text.append(" (").append(at.length()).append(" turns in its mailbox)");
      }
      Holder innermost = at.innermost();
      if (innermost != null && !innermost.equals(at)) {
        at = (Activation) innermost;
        text.append(", which called ").append(at);
      }
      next = at.waits();
      if (next != null && next.stands()) {
        text.append(", which");
      } else {
        next = null;
      }
    }
    // A longer chain ends here, in the middle.
    return text.append(". ").append(alone(at)).toString();
  }

  /** Of a call whose turn is over, but not what is waited for: the callee may be doing anything. */
  private static String stage(Activation callee, QueuedTurn turn) {
    return turn instanceof StageCall call && !call.settled() && call.stage() != null
        ? " waits for a stage that " + callee + " has returned and that nobody has completed"
        : " waits for what follows a call of " + callee + " that has ended";
  }

  /** What an object does now, and whom it waits for. */
  static String holder(Activation activation) {
    Wait wait = activation.waits();
    return wait != null && wait.stands() ? of(activation, wait) : alone(activation);
  }

  private static String alone(Activation activation) {
    if (activation.phase == Turn.HANDED_OFF) {
      return activation.type.compute()
          ? activation + " waits for one of the processors that heavy turns share"
          : "No thread has come yet to run it: all carriers of virtual threads are taken";
    }
    return activation + " is in a turn" + method(activation);
  }

  /** The method that runs, where it came through the mailbox. */
  static String method(Activation activation) {
    String running = activation.runningName();
    return running == null ? "" : ", " + running + ",";
  }

  /** A time in seconds, or less. */
  static String time(long nanos) {
    return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos))
        .toString()
        .substring(2)
        .toLowerCase(Locale.ROOT);
  }
}
