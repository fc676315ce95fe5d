package dev.abide.engine;

/**
 * Makes an instance at every wake; usually a constructor reference, {@code CounterObject::new}.
 * Runs as a turn of its object: it may read and write storage and call other objects. What it
 * throws reaches the callers as the cause of a {@link WakeException}, and nothing it wrote is kept.
 */
@FunctionalInterface
public interface ObjectFactory<T> {
  /** A new instance. */
  T create(ObjectContext context) throws Exception;
}
