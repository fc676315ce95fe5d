package dev.abide.engine.internal.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** A counter for each constant of an enum. For any thread. */
final class Counters<E extends Enum<E>> {
  private final Map<E, LongAdder> counters;

  Counters(Class<E> what) {
    counters = new EnumMap<>(what);
    for (E one : what.getEnumConstants()) {
      counters.put(one, new LongAdder());
    }
  }

  void increment(E one) {
    counter(one).increment();
  }

  long sum(E one) {
    return counter(one).sum();
  }

  private LongAdder counter(E one) {
    return Objects.requireNonNull(counters.get(one));
  }
}
