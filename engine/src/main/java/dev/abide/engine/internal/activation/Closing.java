package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import dev.abide.engine.internal.activation.Engine.State;
import dev.abide.engine.internal.observe.Limit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The end of an engine: what is queued is refused, what runs gets a grace, then all is written. */
final class Closing {
  /** What an interrupted turn gets at least: a busy machine may not run it at once. */
  private static final long UNWIND_NANOS_MIN = 1_000_000_000;

  private final Engine engine;
  private final ReentrantLock closing = new ReentrantLock();

  Closing(Engine engine) {
    this.engine = engine;
  }

  /** Closes; see {@code Abide.close}. */
  void close() {
    if (engine.inTurn()) {
      throw new IllegalStateException(
          "the engine was closed in one of its turns, which would wait for itself; close it"
              + " outside");
    }
    closing.lock();
    try {
      if (engine.state == State.CLOSED) {
        return;
      }
      if (engine.moves(State.OPEN, State.BARRING)) {
        // No inline turns first, and only then are queued ones refused: else a call could run here
        // whose caller's earlier one-way call has just been refused (G2). What is not in the walk
        // has no instance yet, and is barred when it wakes.
        engine.forEach(Activation::bar);
        // Unless it has failed meanwhile.
        var _ = engine.moves(State.BARRING, State.CLOSING);
        engine.alarms.stop();
        engine.forEach(Activation::interruptBackground);
        engine.forEach(Activation::sleepAtClose);
      }
      long grace = EngineOptions.nanos(engine.options.closeTimeout());
      boolean ended = awaitTurns(grace, true, running -> {});
      if (!ended) {
        var _ = engine.moves(State.CLOSING, State.OVERDUE);
        ended = awaitTurns(Math.max(grace / 4, UNWIND_NANOS_MIN), false, Activation::interruptTurn);
      }
      // What these turns sent is durable, or about to be, and leaves before the close.
      awaitOutput(grace);
      // A failed engine tells its sockets itself, and may not have come to it.
      if (engine.failure != null) {
        engine.sockets.end(1011, Engine.CANNOT_GO_ON);
      }
      engine.sockets.end(1001, "the server is closing");
      engine.state = State.CLOSED;
      engine.scanner.stop();
      if (ended) {
        engine.store.close();
      } else {
        overrun();
      }
    } finally {
      closing.unlock();
    }
  }

  private void awaitOutput(long nanos) {
    long start = System.nanoTime();
    while (engine.sockets.waiting() != 0 && System.nanoTime() - start < nanos) {
      LockSupport.parkNanos(200_000);
    }
  }

  private void overrun() {
    engine.meter.met(Limit.CLOSE_GRACE);
    StringBuilder running = new StringBuilder();
    engine.forEach(activation -> {
      if (activation.length() > 0) {
        running.append(' ').append(activation);
      }
    });
    engine.reports.tell(
        new Report(
            Report.Kind.CLOSE_OVERRUN,
            "",
            "",
            "turns outlived the grace of close; the directory stays locked until they end:"
                + running,
            null));
    engine.forEach(Activation::leaveCallers);
    Thread.ofPlatform()
        .daemon()
        .name("abide-close")
        .start(() -> {
          // Turns that the grace ended too early for get their interrupt here, each once.
          while (!awaitTurns(1_000_000_000L, false, Activation::interruptTurn)) {
            Thread.onSpinWait();
          }
          engine.store.close();
        });
  }

  /**
   * Waits until no turn runs or waits, answering what may not run; false if time ran out.
   *
   * @param withBackground whether to wait for work beside turns too; it cannot enter any more
   * @param atRunning what to do, in each pass, about an object that is not free
   */
  private boolean awaitTurns(long nanos, boolean withBackground, Consumer<Activation> atRunning) {
    // The machine's clock: close has to end also where the engine's is moved by hand, by a thread
    // that may be the one that closes.
    long start = System.nanoTime();
    while (true) {
      AtomicBoolean idle = new AtomicBoolean(true);
      engine.forEach(activation -> {
        // Barred again in each pass: activations are still made for chains that go on.
        activation.bar();
        engine.scanner.sweep(activation, engine.now());
        if (activation.length() != 0) {
          idle.set(false);
          atRunning.accept(activation);
        }
        // Behind the look above: what the last turn left open is seen then.
        activation.endStages(Letting.CLOSED);
      });
      if (idle.get() && !(withBackground && engine.works.get() != 0)) {
        return true;
      }
      if (System.nanoTime() - start >= nanos) {
        return false;
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
