package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * Carries something that hangs on a thread, a trace, a logging context, a tenant, from callers into
 * turns, on whatever thread these run; see {@link Abide.Options#carry}.
 *
 * <p>Threading: any thread, many at once. What is captured goes from one thread to another, so it
 * must be safe to share.
 *
 * @param <C> what is carried; a type that may be null if {@link #capture} may return null
 */
public interface ContextCarrier<C extends @Nullable Object> {
  /**
   * Takes what is current, on the caller's thread, before a call is queued. What it throws leaves
   * the call, which has not been made.
   */
  C capture();

  /**
   * Makes it current on this thread, around a turn. What it throws is as if the turn had thrown it.
   *
   * @return closed when the turn's code has ended, on the same thread, the last opened first
   */
  Scope restore(C captured);

  /** The stretch in which something is current. */
  interface Scope extends AutoCloseable {
    /** Puts back what was current before. */
    @Override
    void close();
  }
}
