package dev.abide.engine.internal;

/** What the engine's threads have in common. */
public final class Threads {
  private Threads() {}

  /**
   * Waits for the end of a thread that was told to end. An interrupt does not end the wait and is
   * kept for later. A thread that was never started has ended.
   */
  public static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
