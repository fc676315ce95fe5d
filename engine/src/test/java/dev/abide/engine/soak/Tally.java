package dev.abide.engine.soak;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;

/**
 * What an object has kept of one stream of jobs: two streams with the same tally have left the same
 * jobs in the same order.
 *
 * @param last the number of the last one that left something
 * @param count how many did
 * @param mix of all their numbers in their order
 * @param life which life of the object this is, the first being 1: a deletion ends one
 */
@Stored
public record Tally(
    @StoredAs(1) long last,
    @StoredAs(2) long count,
    @StoredAs(3) long mix,
    @StoredAs(4) long life) {
  /** Nothing yet. */
  static Tally none(long life) {
    return new Tally(0, 0, 0, life);
  }

  Tally with(long n) {
    return new Tally(n, count + 1, mix * 0x9E3779B97F4A7C15L + n, life);
  }
}
