package dev.abide.engine.internal.activation;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * When each of the last ticks was. An object keeps only the number of the tick in which it was
 * used: a plain field instead of a look at the clock in every turn.
 *
 * <p>For one thread at a time. Bounded: where there are too many ticks, every second one is
 * forgotten, and an object sleeps a little later than it might.
 */
final class TickTimes {
  private static final int KEPT_MAX = 4096;

  private final TreeMap<Long, Long> tickAt = new TreeMap<>();
  private long tick;

  /** Begins the next tick. */
  long next(long now) {
    // What is used from now on carries the new number; all that carries the one before, or a
    // smaller one, was used before this instant.
    tickAt.put(now, tick);
    tick++;
    if (tickAt.size() > KEPT_MAX) {
      forgetEverySecond();
    }
    return tick;
  }

  /** The newest tick that had ended at that time; -1 if none is known. */
  long tickBefore(long nanos) {
    Map.Entry<Long, Long> newest = tickAt.floorEntry(nanos);
    return newest == null ? -1 : newest.getValue();
  }

  private void forgetEverySecond() {
    boolean forget = false;
    for (Iterator<Long> all = tickAt.keySet().iterator(); all.hasNext(); ) {
      all.next();
      if (forget) {
        all.remove();
      }
      forget = !forget;
    }
  }
}
