package dev.abide.jmh.baseline;

import dev.abide.jmh.Tallies;
import java.util.stream.Stream;

/** Numbers, each behind its monitor. Nobody else runs what is told. */
public final class SynchronizedTallies implements Tallies {
  private final SynchronizedTally[] tallies;

  /** This many. */
  public SynchronizedTallies(int count) {
    tallies =
        Stream.generate(SynchronizedTally::new).limit(count).toArray(SynchronizedTally[]::new);
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
    var _ = tallies[tally].add(by);
  }

  @Override
  public void close() {}
}
