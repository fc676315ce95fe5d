package dev.abide.jmh;

/** Somebody in a row, each of whom calls or tells the next one. */
public interface Chained extends AutoCloseable {
  /** Calls the first one, and returns how many were reached. */
  int follow();

  @Override
  void close();
}
