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

  /** One caller tells the first object to store, and reads it while that is being synced. */
  long toldAndRead() {
    tallies[0].tellStore(1);
    long found = tallies[0].stored();
    sum++;
    Crowd.verify("sum read behind a write", found, sum);
    return found;
  }

  /**
   * A crowd of callers each tells the first object to store, and reads it while that is being
   * synced. What is read contains the caller's own write, so it is more than what was read before.
   */
  void toldAndReadBy(int callers, int calls) throws InterruptedException {
    long[] last = new long[callers];
    Crowd.virtual(
        callers,
        calls,
        caller -> {
          tallies[0].tellStore(1);
          long found = tallies[0].stored();
          if (found <= last[caller]) {
            throw new AssertionError("read " + found + " behind a write, after " + last[caller]);
          }
          last[caller] = found;
        });
    sum += calls;
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
