package dev.abide.engine.internal.compaction;

import java.io.IOException;

/** Told what compaction writes, so that it can be slowed down, interrupted or ended there. */
@FunctionalInterface
public interface Pace {
  /** As fast as it goes. */
  Pace FREE = bytes -> {};

  /**
   * So many bytes were written and synced. May wait, and may do other work in between.
   *
   * @throws IOException to end the work; what was begun is then removed
   */
  void wrote(long bytes) throws IOException;
}
