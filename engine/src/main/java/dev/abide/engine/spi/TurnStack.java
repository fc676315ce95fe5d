package dev.abide.engine.spi;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The turns that a thread is in, outermost first: each called the next on its own thread. One per
 * thread; only that thread touches it.
 */
public final class TurnStack {
  /** Belongs to no thread. */
  public static final TurnStack NONE = new TurnStack();

  /*
   * The one slot per thread that tells in which turn the thread is. It is no cache: it holds what
   * runs, and is empty else. Threads that a turn starts do not inherit it.
   */
  private static final ThreadLocal<TurnStack> CURRENT = ThreadLocal.withInitial(TurnStack::new);

  /** How many turns the thread is in; a plain store of a smaller number leaves the inner ones. */
  public int depth;

  private final Thread thread = Thread.currentThread();
  private @Nullable Turn[] turns = new Turn[4];

  private TurnStack() {}

  /** The calling thread's stack. */
  public static TurnStack current() {
    return CURRENT.get();
  }

  /** Enters a turn. */
  public void push(Turn turn) {
    if (depth == turns.length) {
      turns = Arrays.copyOf(turns, 2 * depth);
    }
    turns[depth] = turn;
    depth++;
  }

  /** Leaves the turns above this depth, and forgets the innermost. */
  public void popTo(int outer) {
    depth = outer;
    turns[outer] = null;
  }

  /** The thread whose stack this is. */
  public Thread thread() {
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
