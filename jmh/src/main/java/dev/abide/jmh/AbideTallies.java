package dev.abide.jmh;

import dev.abide.engine.Abide;
import java.util.stream.IntStream;

/** Numbers in durable objects of an engine in memory; callers hold their stubs. */
final class AbideTallies implements Tallies {
  private final Abide abide;
  private final Tally[] tallies;

  AbideTallies(Abide abide, int count) {
    this.abide = abide;
    tallies =
        IntStream.range(0, count)
            .mapToObj(n -> abide.get(Tally.class, "tally-" + n))
            .toArray(Tally[]::new);
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
    tallies[tally].tell(by);
  }

  @Override
  public void close() {
    abide.close();
  }
}
