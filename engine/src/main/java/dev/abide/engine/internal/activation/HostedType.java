package dev.abide.engine.internal.activation;

import dev.abide.engine.Durability;
import dev.abide.engine.ObjectFactory;
import dev.abide.engine.internal.observe.TypeMeter;
import dev.abide.engine.spi.Descriptor;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A type that the engine hosts, its options, and its objects that have an activation.
 *
 * @param compute whether its turns are heavy on the processor
 * @param longTurnNanos how long a turn may run before that is reported, or 0
 * @param deadlineNanos the deadline of calls whose method declares none, or 0
 */
record HostedType<T>(
    Descriptor<T> descriptor,
    ObjectFactory<? extends T> factory,
    long idleNanos,
    int mailboxMax,
    long deadlineNanos,
    boolean inline,
    boolean compute,
    long longTurnNanos,
    Durability durability,
    ConcurrentHashMap<String, Activation> activations,
    TypeMeter meter) {
  String name() {
    return descriptor.name();
  }

  /** Takes a record that has retired out of the table, once. */
  void remove(Activation retired) {
    if (activations.remove(retired.id, retired)) {
      meter.retired(retired.turns());
    }
  }
}
