package dev.abide.examples.demo;

import dev.abide.engine.ObjectFactory;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts how often an object was made anew, which is what the page shows as waking. A factory is
 * the application's own code, so it can count, log, or hand over other parts of the application.
 */
final class Wakes {
  private static final int OBJECTS_MAX = 10_000;

  private final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();

  /** The same factory, counted. */
  <T> ObjectFactory<T> counted(ObjectFactory<T> factory) {
    return context -> {
      if (counts.size() < OBJECTS_MAX) {
        counts.merge(key(context.type(), context.id()), 1, Integer::sum);
      }
      return factory.create(context);
    };
  }

  /** How often the object was woken since the server started. */
  int of(String type, String id) {
    return counts.getOrDefault(key(type, id), 0);
  }

  private static String key(String type, String id) {
    return type + "/" + id;
  }
}
