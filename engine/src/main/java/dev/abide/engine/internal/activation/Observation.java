package dev.abide.engine.internal.activation;

import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.QueueWaitEvent;
import dev.abide.engine.internal.observe.TurnEvent;
import dev.abide.engine.spi.Call;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at while an object's turns run, if anybody wants to know: how long each took, and
 * how long it had waited. Made at the first turn that is looked at, and used by one after the
 * other; an object whose turns nobody times or records has none.
 *
 * <p>Threading: the owner of the mailbox.
 */
final class Observation {
  /** Asked whether anybody records turns; never committed. */
  private static final TurnEvent TURNS = new TurnEvent();

  private static final QueueWaitEvent WAITS = new QueueWaitEvent();

  private long beganAt;
  private @Nullable TurnEvent event;

  /** Whether turns are timed or recorded now. */
  static boolean wanted(Engine engine) {
    return engine.meter.timing || TURNS.isEnabled();
  }

  /** A turn begins. */
  void begin(Witness activation, String what, boolean inline) {
    if (activation.engine.meter.timing) {
      beganAt = System.nanoTime();
    }
    if (TURNS.isEnabled()) {
      TurnEvent begun = new TurnEvent();
      begun.method = what;
      begun.inline = inline;
      begun.begin();
      event = begun;
    }
  }

  /** The turn ends; nothing happens if it has ended, or if nobody looked when it began. */
  void end(Witness activation, boolean failed) {
    long began = beganAt;
    if (began != 0) {
      beganAt = 0;
      activation.type.meter().turn.add(System.nanoTime() - began);
    }
    TurnEvent ending = event;
    if (ending != null) {
      event = null;
      ending.end();
      if (ending.shouldCommit()) {
        ending.objectType = activation.type.name();
        ending.objectId = activation.id;
        ending.failed = failed;
        ending.commit();
      }
    }
  }

  /** A turn is about to be queued. */
  static void queued(Engine engine, QueuedTurn turn) {
    if (engine.meter.timing) {
      turn.queuedAt = System.nanoTime();
    }
    if (WAITS.isEnabled()) {
      QueueWaitEvent begun = new QueueWaitEvent();
      begun.begin();
      turn.waitEvent = begun;
    }
  }

  /** A queued turn begins. */
  static void started(Witness activation, QueuedTurn turn) {
    if (turn.queuedAt != 0) {
      activation.type.meter().queue.add(System.nanoTime() - turn.queuedAt);
    }
    QueueWaitEvent waited = turn.waitEvent;
    if (waited != null) {
      waited.end();
      if (waited.shouldCommit()) {
        waited.objectType = activation.type.name();
        waited.objectId = activation.id;
        waited.commit();
      }
    }
  }

  /** What a queued turn is called where it is recorded. */
  static String nameOf(QueuedTurn turn) {
    return turn instanceof Call call ? call.method().name() : turn.getClass().getSimpleName();
  }
}
