package dev.abide.jmh.baseline;

/** Counts those who were heard from; for one thread at a time, whose owner it is. */
final class FanIn {
  private final int all;
  private final Runnable complete;
  private int heard;

  /** With how many there are, and what is done when all were heard from. */
  FanIn(int all, Runnable complete) {
    this.all = all;
    this.complete = complete;
  }

  /** One was heard from. */
  void one() {
    heard++;
    if (heard == all) {
      heard = 0;
      complete.run();
    }
  }
}
