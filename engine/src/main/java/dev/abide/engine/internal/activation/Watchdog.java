package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.LongTurnEvent;
import dev.abide.engine.internal.observe.LongWaitEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds turns that run for too long, and what waits for too long: a turn for a call, a call in a
 * mailbox, replies for the disk. Tells of each once, with who waits for whom and behind what.
 *
 * <p>The idea: a turn has a number. One that is seen with the same number at two whole passes of
 * the scanner has run from the one to the other; so turns and calls write nothing for this, and
 * what is kept is kept of those objects only that are busy when a pass comes by. Times begin at the
 * first pass that saw the turn, and are never too long.
 *
 * <p>Why there is no false alarm: an object that is busy at both passes, in a turn of the same
 * number, was in it all the time, for the number grows at the beginning of each. It is asked again
 * when the report has been written.
 *
 * <p>Guarded by the scanner's lock.
 */
final class Watchdog {
  private final Engine engine;
  private final long waitNanos;
  private final boolean on;
  private final Map<Activation, Sighting> sightings = new HashMap<>();
  private long pass;

  private boolean diskWaits;
  private long durable;
  private long durableSince;
  private boolean durableTold;

  /** A busy object, as it was seen at the last pass. */
  private static final class Sighting {
    long pass;
    long turn = -1;
    long since;
    boolean turnTold;
    boolean waitTold;
    @Nullable QueuedTurn first;
    long firstSince;
    boolean mailboxTold;
  }

  Watchdog(Engine engine, long waitNanos) {
    this.engine = engine;
    this.waitNanos = waitNanos;
    this.on = waitNanos > 0 || engine.hosted().stream().anyMatch(type -> type.longTurnNanos() > 0);
  }

  /** Looks at one object. In each whole pass at all of them, and then {@link #endPass}. */
  void pass(Activation activation, long now) {
    if (on && activation.length() > 0) {
      look(activation, now);
    }
  }

  /** Forgets those that were not busy. */
  void endPass(long now) {
    if (!on) {
      return;
    }
    sightings.values().removeIf(sighting -> sighting.pass != pass);
    pass++;
    if (waitNanos > 0) {
      lookAtDisk(now);
    }
  }

  private void look(Activation activation, long now) {
    Sighting seen = sightings.computeIfAbsent(activation, _ -> new Sighting());
    seen.pass = pass;
    long turn = activation.turns();
    if (seen.turn != turn) {
      seen.turn = turn;
      seen.since = now;
      seen.turnTold = false;
      seen.waitTold = false;
    }
    lookAtTurn(activation, seen, now);
    if (waitNanos > 0) {
      lookAtMailbox(activation, seen, now);
    }
  }

  private void lookAtTurn(Activation activation, Sighting seen, long now) {
    long age = now - seen.since;
    // The innermost turn of a thread is told of, not those that called it there.
    if (!activation.equals(activation.innermost())) {
      return;
    }
    Wait wait = activation.waits();
    if (wait != null && wait.stands()) {
      // Where a chain begins: that one's words speak of the others too.
      if (!seen.waitTold && waitNanos > 0 && age >= waitNanos && beginsChain(activation)) {
        seen.waitTold =
            tellWait(
                activation,
                seen,
                "a turn of "
                    + activation
                    + " has run for "
                    + WaitText.time(age)
                    + " and waits: "
                    + WaitText.of(activation, wait));
      }
    } else if (!seen.turnTold
        && activation.type.longTurnNanos() > 0
        && age >= activation.type.longTurnNanos()) {
      seen.turnTold = tellTurn(activation, seen, age);
    }
  }

  /** Whether nobody waits for the thread that runs this turn, or for another turn there. */
  private static boolean beginsChain(Activation innermost) {
    // Whose turn it was may have left meanwhile, and the stack be another thread's, with nothing in
    // it: then there is nothing to tell.
    Activation outermost = (Activation) innermost.stack.outermostWith(innermost);
    return outermost != null && outermost.parent() == null;
  }

  private boolean tellTurn(Activation activation, Sighting seen, long age) {
    Thread thread = activation.stack.thread();
    if (thread == null) {
      // Ended, and forgotten since.
      return false;
    }
    String message =
        "a turn of "
            + activation
            + WaitText.method(activation)
            + " has run for "
            + WaitText.time(age)
            + " on the thread \""
            + thread.getName()
            + "\", and "
            + (activation.length() - 1)
            + " more wait in its mailbox. Split it, let background work do it, or raise longTurn"
            + " for its type";
    Exception where = Standing.of(thread);
    if (!still(activation, seen)) {
      return false;
    }
    LongTurnEvent event = new LongTurnEvent();
    if (event.isEnabled()) {
      event.objectType = activation.type.name();
      event.objectId = activation.id;
      event.ageMs = age / 1_000_000;
      event.waiting = activation.length() - 1;
      event.commit();
    }
    tell(Report.Kind.LONG_TURN, activation, message, where);
    return true;
  }

  private boolean tellWait(Activation activation, Sighting seen, String message) {
    if (!still(activation, seen)) {
      return false;
    }
    tellWait(activation, message);
    return true;
  }

  private void tellWait(Activation activation, String message) {
    commitEvent(activation.type.name(), activation.id, message);
    tell(Report.Kind.LONG_WAIT, activation, message, null);
  }

  private static void commitEvent(String type, String id, String message) {
    LongWaitEvent event = new LongWaitEvent();
    if (event.isEnabled()) {
      event.objectType = type;
      event.objectId = id;
      event.says = message;
      event.commit();
    }
  }

  private static boolean still(Activation activation, Sighting seen) {
    return activation.turns() == seen.turn && activation.length() > 0;
  }

  /**
   * Calls whose caller is itself in a turn are told of there; whoever waits behind them is not
   * passed over for that.
   */
  private void lookAtMailbox(Activation activation, Sighting seen, long now) {
    QueuedTurn first = activation.firstWaiting();
    while (first != null && (first.parent != null || !first.queued())) {
      first = first.nextAcquire();
    }
    if (first == null) {
      return;
    }
    if (!first.equals(seen.first)) {
      seen.first = first;
      seen.firstSince = queuedAt(first, now);
    }
    long age = now - seen.firstSince;
    if (age < waitNanos) {
      seen.mailboxTold = false;
    } else if (!seen.mailboxTold) {
      String message =
          Observation.nameOf(first)
              + " has waited for "
              + WaitText.time(age)
              + " in the mailbox of "
              + activation
              + " with "
              + activation.length()
              + " turns. "
              + WaitText.holder(activation);
      if (first.queued()) {
        seen.mailboxTold = true;
        tellWait(activation, message);
      }
    }
  }

  /** When it was queued, as far as that can be told from when it is given up. */
  private long queuedAt(QueuedTurn turn, long now) {
    if (turn.deadline || turn.expiresAt == QueuedTurn.UNSEEN) {
      return now;
    }
    long left = turn.expiresAt - now;
    return left > Long.MAX_VALUE / 8
        ? turn.expiresAt - Long.MAX_VALUE / 4
        : turn.expiresAt - EngineOptions.nanos(engine.options.queueWaitMax());
  }

  private void lookAtDisk(long now) {
    long reached = engine.store.durable();
    long last = engine.store.last();
    boolean waits = reached < last;
    if (!waits || !diskWaits || reached != durable) {
      // Counted from the first pass that met commits which wait.
      diskWaits = waits;
      durable = reached;
      durableSince = now;
      durableTold = false;
    } else if (!durableTold && now - durableSince >= waitNanos) {
      durableTold = true;
      String message =
          "nothing has become durable for "
              + WaitText.time(now - durableSince)
              + ": commits "
              + (reached + 1)
              + " to "
              + last
              + " and all replies that depend on them wait for the disk";
      commitEvent("", "", message);
      engine.reports.tellLater(new Report(Report.Kind.LONG_WAIT, "", "", message, null));
    }
  }

  private void tell(
      Report.Kind kind, Activation activation, String message, @Nullable Throwable where) {
    engine.reports.tellLater(
        new Report(kind, activation.type.name(), activation.id, message, where));
  }

  /** Where a thread stands. */
  private static final class Standing extends Exception {
    private static final long serialVersionUID = 1;

    private Standing(Thread thread) {
      super("where the thread \"" + thread.getName() + "\" stands");
    }

    static Exception of(Thread thread) {
      Standing standing = new Standing(thread);
      standing.setStackTrace(thread.getStackTrace());
      return standing;
    }
  }
}
