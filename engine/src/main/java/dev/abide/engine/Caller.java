package dev.abide.engine;

import java.util.Map;

/**
 * Who began a chain of calls, as an adapter found out; carried with every call of the chain.
 *
 * @param name the name, never empty
 * @param attributes anything else that is known
 */
public record Caller(String name, Map<String, String> attributes) {
  /** Checks the name and keeps an own copy of the attributes. */
  public Caller {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "the name of a caller is empty; give the name that authentication found, or no caller at all");
    }
    attributes = Map.copyOf(attributes);
  }
}
