package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.Caller;
import dev.abide.engine.CancelledException;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.cycle.CycleSearch;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.StageCall;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls that no awake and idle object has taken at the stub: most go through a mailbox, and are
 * accepted, waited for, answered.
 */
final class Calls {
  private Calls() {}

  /** A two-way call: returns when its turn has ended well and the gate has let it through. */
  static void call(ObjectTarget target, Call call) throws Throwable {
    TurnStack stack = TurnStack.current();
    Activation outer = outer(stack, target, call.method());
    long deadline = deadlineNanos(target.type, call.method());
    if (stack.depth >= TurnStack.INLINE_DEPTH_MAX) {
      target.engine.meter.met(Limit.INLINE_DEPTH);
    } else if (deadline == 0 && stack.scope == null && wokeHere(stack, target, call)) {
      return;
    }
    prepare(target, call, outer);
    if (deadline != 0) {
      call.deadline = true;
      call.expiresAt = target.engine.now() + deadline;
    }
    bind(stack, target, call);
    await(stack, target, call, outer);
  }

  /**
   * Wakes the object on the calling thread and runs the call there, as a stub does with an object
   * that is awake: no record waits, no thread is started, and what the caller has to wait for is
   * storage alone.
   *
   * @return false if the object does not sleep, is not idle, or takes no inline turns; nothing has
   *     happened then
   */
  private static boolean wokeHere(TurnStack stack, ObjectTarget target, Call call) {
    // The first wake of a type initializes classes, its own and the engine's. Did a caller's stack
    // end in that, they would be lost for good; the object's thread has a stack of its own. And who
    // has a permit of the pool keeps it in an inline turn, but must not while an object is made.
    if (!target.type.inline() || !target.type.meter().hasWoken() || ComputePool.isHere()) {
      return false;
    }
    Activation activation = target.activation();
    if (!activation.asleep()) {
      return false;
    }
    // Between the compare-and-set and the try there are calls, so they need room on the stack.
    StackRoom.require(stack);
    if (!activation.takeAsleep(stack)) {
      return false;
    }
    long commit;
    try {
      call.runOn(activation, activation.beginAsleep(call.method()));
      commit = activation.end();
    } catch (Throwable failure) {
      // As in a stub: two plain stores, before anything that may fail.
      activation.stack.depth = activation.depth;
      activation.phase = Turn.ABANDONED;
      throw activation.failed(failure);
    }
    if (commit != 0) {
      target.await(commit);
    }
    return true;
  }

  /** A turn of the engine's own, from outside or from another object's turn. */
  static void call(ObjectTarget target, EngineTurn turn) {
    TurnStack stack = TurnStack.current();
    Activation outer = (Activation) stack.top();
    refuseInterrupted(target);
    if (outer != null && outer.readOnly()) {
      throw readOnly(
          outer, "the engine to delete or put to sleep " + target.type() + "/" + target.id);
    }
    gateAtRim(target, outer);
    prepare(target, turn, outer);
    bind(stack, target, turn);
    try {
      await(stack, target, turn, outer);
    } catch (Throwable failure) {
      throw Engine.<RuntimeException>sneaky(failure);
    }
  }

  /**
   * Puts the object to sleep on the calling thread, where nothing has to wait for that, be refused,
   * or hear of it: outside of turns, deadlines and an interrupt, if it is idle, and while nobody
   * times turns or records them.
   *
   * @return false if it takes a turn of its own, and all that goes with one
   */
  static boolean sleptHere(Activation activation) {
    TurnStack stack = TurnStack.current();
    if (stack.top() != null
        || stack.scope != null
        || Thread.currentThread().isInterrupted()
        || !activation.engine.mayInline()
        || Observation.wanted(activation.engine)) {
      return false;
    }
    StackRoom.require(stack);
    Seen seen = activation.sleepIfIdle();
    if (seen == null) {
      return false;
    }
    activation.engine.gate.await(seen);
    return true;
  }

  /** A call whose result comes later: what the caller gets now. */
  static CompletionStage<?> stage(ObjectTarget target, StageCall call) {
    StageFuture<Object> future = new StageFuture<>(target, call);
    TurnStack stack = TurnStack.current();
    try {
      Activation outer = outer(stack, target, call.method());
      // As with a one-way call: the chain ends here, for nobody waits.
      see(call, target, outer);
      call.caller = outer == null ? null : outer.caller();
      call.carried = Carriers.capture(target.engine);
      call.completion = new Once(target.engine, future.answer());
      expire(target, call, null);
      future.accepted(offer(stack, target, call, outer));
      if (outer != null) {
        outer.hadEffects();
      }
    } catch (AbideException refused) {
      var _ = future.completeExceptionally(Access.get().cross(refused));
    }
    return future;
  }

  /** A one-way call: returns when it is accepted. */
  static void send(ObjectTarget target, Call call) {
    TurnStack stack = TurnStack.current();
    Activation outer = outer(stack, target, call.method());
    // What the caller has seen travels, but not the chain: nobody waits.
    see(call, target, outer);
    call.caller = outer == null ? null : outer.caller();
    call.carried = Carriers.capture(target.engine);
    // Without a look at the clock, which would be a fifth of what it costs to send.
    call.expiresAt = QueuedTurn.UNSEEN;
    Accepted accepted = target.engine.accepted();
    call.completion = accepted.add(target);
    try {
      var _ = offer(stack, target, call, outer);
    } catch (Throwable refused) {
      accepted.remove();
      throw refused;
    }
    if (outer != null) {
      outer.hadEffects();
    }
  }

  /** A call from an adapter: never blocks, never runs here. */
  static void submit(
      ObjectTarget target,
      Call call,
      @Nullable Caller caller,
      @Nullable Duration deadline,
      QueuedTurn.Completion completion) {
    call.caller = caller;
    call.carried = Carriers.capture(target.engine);
    call.completion = completion;
    expire(target, call, deadline);
    var _ = offer(TurnStack.current(), target, call, null);
  }

  /**
   * By a client's deadline or the method's own, whichever is earlier, or else as long as a call may
   * be queued. Nobody waits for a one-way call, so that nothing else bounds it.
   */
  private static void expire(ObjectTarget target, Call call, @Nullable Duration deadline) {
    long nanos = 0;
    if (!call.method().oneWay()) {
      nanos = deadlineNanos(target.type, call.method());
      long given = deadline == null ? 0 : EngineOptions.nanos(deadline);
      if (given != 0 && (nanos == 0 || given < nanos)) {
        nanos = given;
        call.goesOn = true;
      }
    }
    call.deadline = nanos != 0;
    call.expiresAt = target.engine.now() + (nanos != 0 ? nanos : target.engine.queueWaitNanos);
  }

  /** A client that wants to plug in or sends a request: never blocks, never runs here. */
  static void submit(ObjectTarget target, EngineTurn turn, Duration deadline) {
    turn.carried = Carriers.capture(target.engine);
    turn.deadline = true;
    turn.goesOn = true;
    turn.expiresAt = target.engine.now() + EngineOptions.nanos(deadline);
    var _ = offer(TurnStack.current(), target, turn, null);
  }

  /** What forbids the call at its stub, before anything is taken. */
  static @Nullable RuntimeException refusal(ObjectTarget target, MethodDescriptor method) {
    return refusal(TurnStack.current(), target, method);
  }

  private static @Nullable RuntimeException refusal(
      TurnStack stack, ObjectTarget target, MethodDescriptor method) {
    refuseInterrupted(target);
    Activation outer = (Activation) stack.top();
    if (outer == null) {
      return null;
    }
    if (outer.readOnly() && !method.readOnly()) {
      return readOnly(outer, target.type() + "." + method.name());
    }
    gateAtRim(target, outer);
    return null;
  }

  /**
   * Numbers belong to one engine: what a turn has seen there must be durable before anything that
   * may depend on it leaves for another.
   */
  private static void gateAtRim(ObjectTarget target, @Nullable Activation outer) {
    if (outer != null && outer.engine != target.engine) {
      outer.engine.gate.await(outer.seen());
    }
  }

  private static void see(QueuedTurn turn, ObjectTarget target, @Nullable Activation outer) {
    if (outer != null && outer.engine == target.engine) {
      turn.commit = outer.seenDurable();
      turn.written = outer.seenWritten();
    }
  }

  private static @Nullable Activation outer(
      TurnStack stack, ObjectTarget target, MethodDescriptor method) {
    RuntimeException refusal = refusal(stack, target, method);
    if (refusal != null) {
      throw refusal;
    }
    return (Activation) stack.top();
  }

  private static IllegalStateException readOnly(Activation outer, String what) {
    return new IllegalStateException(
        "a @ReadOnly turn of "
            + outer
            + " called "
            + what
            + ", which may change something; call @ReadOnly methods only, or remove @ReadOnly");
  }

  private static void refuseInterrupted(ObjectTarget target) {
    if (Thread.currentThread().isInterrupted()) {
      target.type.meter().refused(Refused.CANCELLED);
      throw Access.get()
          .cross(
              new CancelledException(
                  "the calling thread is interrupted; the call was not made. Clear the flag with"
                      + " Thread.interrupted() to call",
                  null,
                  true,
                  Applied.NO));
    }
  }

  private static void prepare(ObjectTarget target, QueuedTurn turn, @Nullable Activation outer) {
    turn.waiter = Thread.currentThread();
    turn.parent = outer;
    turn.caller = outer == null ? null : outer.caller();
    turn.carried = Carriers.capture(target.engine);
    see(turn, target, outer);
    turn.expiresAt = target.engine.now() + target.engine.queueWaitNanos;
  }

  /** A deadline travels with the calls of its scope, and of the turns that these begin. */
  private static void bind(TurnStack stack, ObjectTarget target, QueuedTurn turn) {
    DeadlineScope scope = stack.scope;
    if (scope != null) {
      scope.bind(target, turn);
    }
  }

  private static long deadlineNanos(HostedType<?> type, MethodDescriptor method) {
    Duration own = method.deadline();
    return own == null ? type.deadlineNanos() : EngineOptions.nanos(own);
  }

  /** Who has accepted the turn. */
  private static Activation offer(
      TurnStack stack, ObjectTarget target, QueuedTurn turn, @Nullable Activation outer) {
    StackRoom.require(stack);
    while (true) {
      Activation activation = target.activation();
      Wait wait = null;
      if (turn.waiter != null && outer != null) {
        refuseCycle(activation, outer);
        // Published before the call can run, so that whoever it comes to wait for sees it.
        wait = new Wait(outer, activation, turn);
        outer.waits(wait);
      }
      Refusals.refuseUnlessOpen(target, turn.waiter == null ? null : outer);
      switch (activation.accept(turn)) {
        case QUEUED -> {
          if (wait != null) {
            CycleSearch.follow(wait);
          }
          return activation;
        }
        case OWNED -> {
          return activation;
        }
        case FULL -> {
          target.type.meter().refused(Refused.MAILBOX);
          throw Access.get()
              .cross(
                  new OverloadedException(
                      activation
                          + " has "
                          + target.type.mailboxMax()
                          + " turns in its mailbox, as many as mailboxMax allows; retry after a"
                          + " pause, or spread the work over more objects",
                      Duration.ofMillis(100)));
        }
        case RETIRED -> {
          // It left the table, or is about to: one atomic step before, one removal after. The
          // look-up makes a new one as soon as it is gone.
          target.type.remove(activation);
        }
      }
    }
  }

  private static void refuseCycle(Activation callee, @Nullable Activation outer) {
    for (Activation link = outer; link != null; link = link.parent()) {
      if (link == callee) {
        throw Access.get()
            .cross(new CallCycleException(cycle(callee, outer), null, false, Applied.NO));
      }
    }
  }

  static String cycle(Activation callee, @Nullable Activation outer) {
    Deque<String> chain = new ArrayDeque<>();
    for (Activation link = outer; link != null; link = link.parent()) {
      chain.addFirst(link.toString());
    }
    chain.addLast(callee.toString());
    return "the call would wait for its own chain: "
        + String.join(" -> ", chain)
        + ". Let one of them use a one-way call, or pass what it needs as an argument";
  }

  private static void await(
      TurnStack stack, ObjectTarget target, QueuedTurn turn, @Nullable Activation outer)
      throws Throwable {
    // Not null where a task of another has come to run on a thread that stands in a join.
    Wait before = outer == null ? null : outer.waits();
    try {
      var _ = offer(stack, target, turn, outer);
      boolean interrupted = park(turn);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (turn.cancelled()) {
        Throwable refusal = turn.refusal();
        if (refusal == null) {
          target.type.meter().refused(Refused.CANCELLED);
        }
        throw refusal == null
            ? new CancelledException(
                "the calling thread was interrupted while the call to "
                    + target.type()
                    + "/"
                    + target.id
                    + " was queued; it has not run",
                null,
                true,
                Applied.NO)
            : refusal;
      }
      // Looked at before the outcome: a turn that the deadline interrupted may have ended by now,
      // and what it ended with is not what its caller asked about.
      Throwable departure = turn.departure();
      if (departure != null) {
        if (outer != null) {
          outer.hadEffects();
        }
        throw departure;
      }
    } catch (AbideException refused) {
      if (refused instanceof CallCycleException) {
        target.type.meter().refused(Refused.CYCLE);
      }
      throw Access.get().cross(refused);
    } finally {
      // Whatever has ended the wait: a turn that may still begin has nobody who waits for it, and
      // this thread's next call must not pass it.
      if (turn.queued()) {
        var _ = turn.tryCancel();
      }
      if (outer != null) {
        outer.waits(before);
      }
    }
    passed(target, turn, outer);
    Throwable failure = turn.failure;
    if (failure != null) {
      throw failure;
    }
  }

  /** What a finished turn has seen reaches the caller's turn, or is waited for. */
  private static void passed(ObjectTarget target, QueuedTurn turn, @Nullable Activation outer) {
    if (outer != null) {
      boolean same = outer.engine == target.engine;
      outer.calleeEnded(null, same ? turn.commit : 0, same ? turn.written : 0, turn.effects);
      if (same) {
        return;
      }
    }
    target.engine.gate.await(turn.commit, turn.written, turn.more);
  }

  /**
   * Waits until the turn has ended or has to be left; true if the thread was interrupted meanwhile.
   */
  private static boolean park(QueuedTurn turn) {
    ComputePool left = ComputePool.waits();
    try {
      return parkHere(turn);
    } finally {
      ComputePool.waited(left);
    }
  }

  private static boolean parkHere(QueuedTurn turn) {
    boolean interrupted = false;
    while (!turn.done() && !turn.cancelled() && turn.departure() == null) {
      LockSupport.park(turn);
      if (Thread.interrupted()) {
        interrupted = true;
        if (turn.tryCancel()) {
          break;
        }
        // It runs, or has run: the turn is what gets the interrupt, and this thread its outcome.
        var _ = turn.tryInterrupt();
      }
    }
    return interrupted;
  }
}
