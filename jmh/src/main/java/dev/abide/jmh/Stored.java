package dev.abide.jmh;

import dev.abide.engine.Abide;
import java.util.stream.IntStream;

/** Numbers in the storage of objects, what was added to them, and whether it was. */
final class Stored {
  final Tally[] tallies;
  private long sum;

  Stored(Abide abide, int count) {
    tallies =
        IntStream.range(0, count)
            .mapToObj(n -> abide.get(Tally.class, "of-" + n))
            .toArray(Tally[]::new);
  }

  /** A crowd calls: each caller an object of its own. */
  void by(int calls) throws InterruptedException {
    Crowd.virtual(tallies.length, calls, caller -> tallies[caller].store(1));
    sum += calls;
  }

  /** A crowd of as many callers calls the first object. */
  void byAllOfOne(int calls) throws InterruptedException {
    Crowd.virtual(tallies.length, calls, caller -> tallies[0].store(1));
    sum += calls;
  }

  /** One caller calls the first object, and is told what it must be told. */
  long once() {
    long found = tallies[0].store(1);
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  /** Fails unless all calls since the beginning were stored. */
  void verify() {
    long found = 0;
    for (Tally tally : tallies) {
      found += tally.stored();
    }
    Crowd.verify("calls stored", found, sum);
  }
}
