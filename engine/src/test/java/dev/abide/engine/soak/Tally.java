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
 */
@Stored
public record Tally(@StoredAs(1) long last, @StoredAs(2) long count, @StoredAs(3) long mix) {
  static final Tally NONE = new Tally(0, 0, 0);

  Tally with(long n) {
    return new Tally(n, count + 1, mix * 0x9E3779B97F4A7C15L + n);
  }
}
