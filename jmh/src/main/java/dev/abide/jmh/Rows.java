package dev.abide.jmh;

/** Numbers on disk, by row. */
public interface Rows extends AutoCloseable {
  /** Adds one, and returns when the sum is synced. */
  void store(int row) throws Exception;

  /** What is stored. */
  long read(int row) throws Exception;

  @Override
  void close();
}
