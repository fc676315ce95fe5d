package dev.abide.jmh;

/** Numbers on disk, by row. */
public interface Rows extends AutoCloseable {
  /** What is in every row at first, so that a read that finds nothing is no number. */
  long FIRST = 1;

  /** Adds one, and returns when the sum is synced. */
  void store(int row) throws Exception;

  /** What is stored. */
  long read(int row) throws Exception;

  /**
   * Adds one without a sync, reads the row, and returns what was read when it is synced; for one
   * caller.
   */
  long addAndReadSynced(int row) throws Exception;

  @Override
  void close();
}
