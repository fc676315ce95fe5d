package dev.abide.engine;

/** What a commit has survived before anything that depends on it leaves the engine. */
public enum Durability {
  /** Synced to the disk: survives a loss of power. */
  SYNC,

  /**
   * Written and not yet synced: survives the end of the process. A loss of power can take the last
   * 100 ms or 4 MiB of commits, all of them or those from some moment on, never one that is older
   * than another that is kept. {@code awaitDurable} waits for the sync of these too.
   */
  PROCESS,

  /** Kept in memory as long as the engine is open, and empty when it is opened. */
  MEMORY
}
