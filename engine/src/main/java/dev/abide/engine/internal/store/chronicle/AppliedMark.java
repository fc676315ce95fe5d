package dev.abide.engine.internal.store.chronicle;

import java.util.List;

/** A place in the order of commits; to be asked whether the maps have reached it. One thread. */
public final class AppliedMark {
  private final long number;
  private final List<Request<Boolean>> barriers;

  AppliedMark(long number, List<Request<Boolean>> barriers) {
    this.number = number;
    this.barriers = barriers;
  }

  /** The last commit before the mark. */
  public long number() {
    return number;
  }

  /** Whether everything up to there is in the maps. Does not wait. */
  public boolean isReached() {
    return barriers.stream().allMatch(Request::succeeded);
  }
}
