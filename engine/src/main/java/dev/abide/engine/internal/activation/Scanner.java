package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one coarse clock hand of an engine: gives up queued calls whose bound has passed, interrupts
 * turns whose deadline has, puts idle objects to sleep, and finishes turns whose runner's stack
 * ended.
 *
 * <p>It looks only at mailboxes in which something waits; an activation asks to be watched when a
 * turn is queued, and is let go when its mailbox is empty. Times are kept to {@value
 * #PERIOD_MILLIS} ms.
 *
 * <p>A pass over everything costs in proportion to the table, so the next one that is asked for
 * waits until it has rested {@value #REST} times as long: where more objects wake than may be
 * awake, it would take a core else. They are over the bound for that long, but not by more than
 * {@link #woke} lets be: on a busy machine this thread may come late, and a small heap ends before.
 */
final class Scanner {
  private static final int PERIOD_MILLIS = 10;
  private static final long PERIOD_NANOS = PERIOD_MILLIS * 1_000_000L;
  private static final int IDLE_PERIODS = 10;
  private static final int REST = 4;

  /** Fewer wakes than this are not worth a walk over the table. */
  private static final int WAKES_MIN = 256;

  private final Engine engine;
  private final Collection<HostedType<?>> types;
  private final ConcurrentLinkedQueue<Activation> arriving = new ConcurrentLinkedQueue<>();
  private final ReentrantLock passing = new ReentrantLock();

  /** One at a time puts objects to sleep for the bound. Taken behind `passing`, or alone. */
  private final ReentrantLock thinning = new ReentrantLock();

  /* Guarded by `passing`. */
  private final Set<Activation> watched = new HashSet<>();
  private final Set<Activation> handedOff = new HashSet<>();
  private final Map<Activation, Abandoned> abandoned = new HashMap<>();
  private final TickTimes times = new TickTimes();

  /** Wakes beyond the bound since objects were put to sleep for it. */
  private final AtomicInteger woken = new AtomicInteger();

  /** How many objects were in the table then. */
  private volatile int walked;

  private record Abandoned(long turn, long since) {}

  /** What was thrown here and has not stopped the engine yet, or null. */
  private volatile @Nullable Throwable untold;

  private volatile boolean stopped;
  private volatile boolean asked;
  private @Nullable Thread thread;

  Scanner(Engine engine, Collection<HostedType<?>> types) {
    this.engine = engine;
    this.types = types;
  }

  void start() {
    thread = Thread.ofPlatform().daemon().name("abide-scanner").start(this::run);
  }

  void stop() {
    stopped = true;
    wakeUp();
  }

  /** Asks for a pass soon. */
  void wakeUp() {
    // Seen set: the pass that it asks for has not begun, and will see all that the caller has done.
    if (!asked) {
      asked = true;
      LockSupport.unpark(thread);
    }
  }

  /**
   * An object woke while more were awake than may be. Asks for a pass; whoever wakes as many as may
   * be awake before one comes does its part of the work instead, on its own thread. So of idle
   * objects about twice the bound are awake, or asleep and still in the table. A walk over the
   * table comes after a quarter as many wakes as it has objects, or later.
   */
  void woke() {
    // A caller that wakes on its own thread may stand near the end of its stack: what overflowed in
    // the walk would stop the engine.
    if (woken.incrementAndGet()
            < Math.max(Math.max(WAKES_MIN, engine.options.awakeMax()), walked / 4)
        || !StackRoom.allowsWalk(TurnStack.current())) {
      wakeUp();
      return;
    }
    // Not waited for: a caller of this has an object taken, and whoever holds the lock is at the
    // same work. The next wake asks again.
    if (thinning.tryLock()) {
      try {
        sleepBeyondMax();
        retireSettled();
      } catch (Throwable e) {
        // Not the fault of the turn that woke, and an object may have been left taken: the engine
        // stops, as if the scanner's own thread had thrown it.
        untold = e;
        wakeUp();
      } finally {
        thinning.unlock();
      }
    }
  }

  void watch(Activation activation) {
    arriving.add(activation);
  }

  private void run() {
    int period = 0;
    long rested = System.nanoTime();
    while (!stopped) {
      Throwable telling = untold;
      if (telling != null) {
        fail(telling);
      }
      try {
        engine.alarms.tick();
        long began = System.nanoTime();
        boolean whole = (asked || ++period >= IDLE_PERIODS) && began - rested >= 0;
        if (whole) {
          period = 0;
          asked = false;
          pass();
          long ended = System.nanoTime();
          rested = ended + REST * (ended - began);
        } else {
          passWatched();
        }
      } catch (Throwable e) {
        // Without this hand no bound is kept, so no turn may start as if they were. The passes go
        // on: it is they who answer what waits.
        fail(e);
      }
      long left = asked ? rested - System.nanoTime() : PERIOD_NANOS;
      if (left > 0) {
        LockSupport.parkNanos(Math.min(left, PERIOD_NANOS));
      }
    }
  }

  /** Stops the engine; if that ends for want of memory, the next pass goes on with it. */
  private void fail(Throwable cause) {
    untold = cause;
    try {
      engine.scannerFailed(cause);
      untold = null;
    } catch (OutOfMemoryError again) {
      // Remembered above.
    }
  }

  /** Looks at everything. */
  void pass() {
    passing.lock();
    try {
      long now = engine.now();
      engine.tick = times.next(now);
      passWatched();
      endStagesIfStopped();
      sleepIdle(now);
      thinning.lock();
      try {
        sleepBeyondMax();
        retireSettled();
      } finally {
        thinning.unlock();
      }
      for (HostedType<?> type : types) {
        for (Activation activation : type.activations().values()) {
          engine.watchdog.pass(activation, now);
          activation.watchIfForgotten();
          if (activation.phase == Turn.ABANDONED) {
            // An inline turn whose stack ended, of an object that nobody has called since.
            rescueAbandoned(activation);
          }
        }
      }
      abandoned.keySet().removeIf(activation -> activation.phase != Turn.ABANDONED);
      engine.watchdog.endPass(now);
    } finally {
      passing.unlock();
    }
  }

  private void passWatched() {
    passing.lock();
    try {
      for (Activation next = arriving.poll(); next != null; next = arriving.poll()) {
        watched.add(next);
      }
      long now = engine.now();
      for (Iterator<Activation> all = watched.iterator(); all.hasNext(); ) {
        Activation activation = all.next();
        sweep(activation, now);
        rescue(activation);
        if (activation.length() == 0 && !activation.hasTimedStages() && activation.unwatch()) {
          all.remove();
          handedOff.remove(activation);
          abandoned.remove(activation);
        }
      }
    } finally {
      passing.unlock();
    }
  }

  private void rescue(Activation activation) {
    rescueAbandoned(activation);
    // Handed over in this pass and in the one before, without a thread that came: start another. If
    // the first one comes after all, one of the two finds the work taken.
    if (activation.phase != Turn.HANDED_OFF) {
      handedOff.remove(activation);
    } else if (!handedOff.add(activation)) {
      activation.drainAgain();
    }
  }

  /**
   * Finishes a turn that was left behind. Each turn that throws is marked so for an instant, before
   * its own runner goes on to finish it; only one that stays so for a while has lost its runner.
   */
  private void rescueAbandoned(Activation activation) {
    if (activation.phase != Turn.ABANDONED) {
      abandoned.remove(activation);
      return;
    }
    long now = System.nanoTime();
    Abandoned seen = abandoned.get(activation);
    if (seen == null || seen.turn() != activation.turns()) {
      abandoned.put(activation, new Abandoned(activation.turns(), now));
    } else if (now - seen.since() >= PERIOD_NANOS) {
      abandoned.remove(activation);
      activation.rescue();
    }
  }

  /** Gives up what waits in the mailbox and may not, or need not, run any more. */
  void sweep(Activation activation, long now) {
    QueuedTurn running = activation.running();
    if (running != null
        && running.deadline
        && now - running.expiresAt >= 0
        && running.running()
        && running.departure() == null) {
      // The caller is let go before the turn is interrupted: the other way round, a turn that ends
      // by the interrupt could answer first, and its caller would never hear of the deadline.
      running.leave(
          new DeadlineException(
              "the deadline of the call passed while the turn of "
                  + activation
                  + (running.goesOn
                      ? " was running; it goes on"
                      : " was running; it was interrupted")
                  + ", and what it does is not known",
              null,
              false,
              Applied.UNKNOWN));
      activation.type.meter().refused(Refused.DEADLINE);
      if (!running.goesOn) {
        var _ = running.tryInterrupt();
      }
    }
    activation.expireStages(now);
    for (QueuedTurn turn = activation.firstWaiting(); turn != null; turn = turn.nextAcquire()) {
      if (!turn.queued()) {
        continue;
      }
      if (turn.expiresAt == QueuedTurn.UNSEEN) {
        turn.expiresAt = now + engine.queueWaitNanos;
      }
      Throwable refusal = Refusals.of(engine, turn);
      Refused reason = Refused.CLOSED;
      if (refusal == null && now - turn.expiresAt >= 0) {
        refusal = late(activation, turn);
        reason = turn.deadline ? Refused.DEADLINE : Refused.QUEUE_WAIT;
      }
      if (refusal != null && turn.tryCancel(refusal)) {
        activation.type.meter().refused(reason);
        turn.tell();
      }
    }
  }

  private DeadlineException late(Activation activation, QueuedTurn turn) {
    return new DeadlineException(
        turn.deadline
            ? "the deadline of the call passed while it waited in the mailbox of "
                + activation
                + "; it has not run"
            : "the call waited in the mailbox of "
                + activation
                + " for "
                + engine.options.queueWaitMax()
                + ", as long as queueWaitMax allows; it has not run. Retry, or find out what keeps the object busy",
        null,
        true,
        Applied.NO);
  }

  /** Turns that ran when the engine stopped may leave stages open after it had. */
  private void endStagesIfStopped() {
    if (engine.state == Engine.State.FAILED) {
      engine.forEach(activation -> activation.endStages(Letting.STOPPED));
    }
  }

  private void sleepIdle(long now) {
    for (HostedType<?> type : types) {
      long since = times.tickBefore(now - type.idleNanos());
      if (since >= 0) {
        type.activations()
            .values()
            .forEach(activation -> activation.sleepIfIdleSince(since, SleepReason.IDLE));
      }
    }
  }

  private void retireSettled() {
    for (HostedType<?> type : types) {
      type.activations().values().forEach(Activation::retireIfSettled);
    }
  }

  private void sleepBeyondMax() {
    woken.set(0);
    if (engine.awake.get() <= engine.options.awakeMax()) {
      return;
    }
    record Idle(Activation activation, long lastUsed) {}
    List<Idle> idle = new ArrayList<>();
    // Counted here and not there: between a look at that count and the walk, one that falls asleep
    // would be missed in both, and another sent to sleep for it.
    int excess = -engine.options.awakeMax();
    int all = 0;
    for (HostedType<?> type : types) {
      for (Activation activation : type.activations().values()) {
        all++;
        if (activation.hasInstance() && !activation.fallsAsleep()) {
          excess++;
          if (activation.length() == 0 && !activation.busy()) {
            idle.add(new Idle(activation, activation.lastUsed()));
          }
        }
      }
    }
    walked = all;
    if (excess <= 0) {
      return;
    }
    engine.meter.met(Limit.AWAKE);
    idle.sort(Comparator.comparingLong(Idle::lastUsed));
    // A few more than must be, so that the next wake does not begin the same search again.
    int count = Math.min(idle.size(), excess + engine.options.awakeMax() / 16);
    for (Idle oldest : idle.subList(0, count)) {
      oldest.activation().sleepIfIdleSince(Long.MAX_VALUE, SleepReason.AWAKE_MAX);
    }
  }
}
