package dev.abide.engine.internal.cycle;

import org.jspecify.annotations.Nullable;

/** An object as the search for cycles sees it. */
public interface Holder {
  /**
   * The innermost turn on the thread that runs this object's turn; itself if that has called nobody
   * there. Null if no turn runs. From any thread; may be late.
   */
  @Nullable Holder innermost();

  /** The number of the present turn. From any thread; may be late. */
  long turns();

  /** What the present turn waits for, or null. */
  @Nullable Wait waits();

  /**
   * The turn that waits for this one, or null where the chain begins. For turns of the same chain.
   */
  @Nullable Holder outer();
}
