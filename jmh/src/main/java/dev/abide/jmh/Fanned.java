package dev.abide.jmh;

/** Somebody who tells many, which tell one. */
public interface Fanned extends AutoCloseable {
  /** Tells the first one; the last one says when it heard from all. */
  void out();

  @Override
  void close();
}
