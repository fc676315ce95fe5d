package dev.abide.engine.internal.activation;

import dev.abide.engine.internal.mailbox.QueuedTurn;
import org.jspecify.annotations.Nullable;

/**
 * The one-way calls of one thread that have been accepted and have not ended. The thread counts
 * those that it sent, their objects count those that have ended, each on a cache line of its own:
 * in a burst both count at once, and a line that both write costs more than the call.
 */
final class Accepted {
  private final Ended ended = new Ended();

  /** The thread's own. */
  private long sent;

  private @Nullable OneWay last;

  /**
   * What follows the end of a one-way call: one object for all calls to one object in a row. The
   * thread keeps the last one, so it does not name the target, which keeps its activation.
   */
  private record OneWay(Reports reports, HostedType<?> type, String id, Ended ended)
      implements QueuedTurn.Completion {
    @Override
    public void ended(QueuedTurn turn) {
      ended.add();
      reports.oneWayEnded(type.name(), id, turn);
    }
  }

  /** For the thread itself: counts one more, which must be offered next. */
  @SuppressWarnings("ReferenceEquality") // another copy of the same id is as good as another object
  QueuedTurn.Completion add(ObjectTarget target) {
    sent++;
    OneWay known = last;
    if (known == null || known.id != target.id || known.type != target.type) {
      known = new OneWay(target.engine.reports, target.type, target.id, ended);
      last = known;
    }
    return known;
  }

  /** For the thread itself: the last one was refused. */
  void remove() {
    sent--;
  }

  /** For the thread itself: waits until none is left; keeps an interrupt for later. */
  void awaitNone() {
    ended.await(sent);
  }
}
