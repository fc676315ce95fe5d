package dev.abide.engine.spi;

import dev.abide.engine.internal.activation.DeadlineScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The turns that a thread is in, outermost first: each called the next on its own thread. One per
 * thread; only that thread changes it.
 *
 * <p>A turn that was left stays in its place until the next one of that depth comes: a thread that
 * calls one object again and again then writes no reference at all, which on an old object costs a
 * garbage collector's fence. So a thread may hold on to the activations of its last calls, at most
 * one for each depth.
 */
public final class TurnStack {
  /** Chains deeper than this go through mailboxes, where each link has a stack of its own. */
  public static final int INLINE_DEPTH_MAX = 16;

  /** Belongs to no thread. */
  public static final TurnStack NONE = new TurnStack(null);

  /*
   * The one slot per thread that tells in which turn the thread is. It is no cache: it holds what
   * runs, and is empty else. Threads that a turn starts do not inherit it.
   */
  private static final ThreadLocal<TurnStack> CURRENT =
      ThreadLocal.withInitial(() -> new TurnStack(Thread.currentThread()));

  private static final VarHandle DEPTH;

  static {
    try {
      DEPTH = MethodHandles.lookup().findVarHandle(TurnStack.class, "depth", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How many turns the thread is in; a plain store of a smaller number leaves the inner ones. */
  public int depth;

  /** Until when calls of this thread have to be answered, or null; such calls are queued. */
  public @Nullable DeadlineScope scope;

  /** Beside what the end of an inline turn returned: the commit that has to be durable. */
  public long durableGate;

  /** How often the thread has asked whether its stack has room. */
  public int probes;

  private final @Nullable Thread thread;
  private @Nullable Turn[] turns = new Turn[4];

  private TurnStack(@Nullable Thread thread) {
    this.thread = thread;
  }

  /** The calling thread's stack. */
  public static TurnStack current() {
    return CURRENT.get();
  }

  /** Enters a turn. */
  @SuppressWarnings("ReferenceEquality") // one activation is one turn at a time
  public void push(Turn turn) {
    if (depth == turns.length) {
      turns = Arrays.copyOf(turns, 2 * depth);
    }
    if (turns[depth] != turn) {
      turns[depth] = turn;
    }
    // Released: whoever sees the new depth sees this turn in its place, and not the one that was
    // left there.
    DEPTH.setRelease(this, depth + 1);
  }

  /**
   * Whether the turn is the innermost here, as seen by any thread; the answer may be late. It is
   * never of an owner before the present one if the asker has seen that one's release: each takes
   * its turn off its stack before it releases it.
   */
  public boolean innermost(Turn turn) {
    // Depth first: the array that is read then is the one in which that depth was reached, or a
    // later copy of it. Both are read once: the thread itself may be changing them.
    int place = (int) DEPTH.getAcquire(this) - 1;
    @Nullable Turn[] held = turns;
    return place >= 0 && place < held.length && turn.equals(held[place]);
  }

  /**
   * The innermost turn here, if this one is among the thread's turns; else null. As seen by any
   * thread; the answer may be late.
   */
  public @Nullable Turn innermostWith(Turn turn) {
    return endWith(turn, true);
  }

  /** The outermost turn here, under the same conditions. */
  public @Nullable Turn outermostWith(Turn turn) {
    return endWith(turn, false);
  }

  private @Nullable Turn endWith(Turn turn, boolean inner) {
    // Depth first, as above; what was left behind it is not looked at.
    int seen = (int) DEPTH.getAcquire(this);
    @Nullable Turn[] held = turns;
    int count = Math.min(seen, held.length);
    for (int place = 0; place < count; place++) {
      if (turn.equals(held[place])) {
        return held[inner ? count - 1 : 0];
      }
    }
    return null;
  }

  /** The thread whose stack this is; null of {@link #NONE}. */
  public @Nullable Thread thread() {
    return thread;
  }

  /** The innermost turn, or null. */
  public @Nullable Turn top() {
    return depth == 0 ? null : turns[depth - 1];
  }

  /** The turn at this place, 0 being the outermost. */
  public Turn at(int place) {
    return Objects.requireNonNull(turns[place]);
  }
}
