package dev.abide.jmh.baseline;

import dev.abide.jmh.Tallies;
import java.util.stream.Stream;

/** Numbers, each behind its {@code ReentrantLock}. Nobody else runs what is told. */
public final class LockedTallies implements Tallies {
  private final LockedTally[] tallies;

  /** This many. */
  public LockedTallies(int count) {
    tallies = Stream.generate(LockedTally::new).limit(count).toArray(LockedTally[]::new);
  }

  @Override
  public int size() {
    return tallies.length;
  }

  @Override
  public long add(int tally, long by) {
    return tallies[tally].add(by);
  }

  @Override
  public void tell(int tally, long by) {
    tallies[tally].add(by);
  }

  @Override
  public void close() {}
}
