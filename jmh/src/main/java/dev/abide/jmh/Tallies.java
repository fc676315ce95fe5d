package dev.abide.jmh;

/** Numbers that are counted by somebody: by durable objects, or by a peer. */
public interface Tallies extends AutoCloseable {
  /** How many. */
  int size();

  /** Adds to one of them, and returns its sum. */
  long add(int tally, long by);

  /** Adds to one of them without waiting; the sender's later {@link #add} sees it. */
  void tell(int tally, long by);

  @Override
  void close();
}
