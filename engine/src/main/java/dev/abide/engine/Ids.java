package dev.abide.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins parts to an id and takes it apart again, so that different parts never make the same id.
 * The parts are joined by {@code /}; a {@code /} or {@code %} inside a part becomes {@code %2F} or
 * {@code %25}.
 */
public final class Ids {
  private Ids() {}

  /**
   * The id of these parts.
   *
   * @throws IllegalArgumentException if there is no part, or a single empty one
   */
  public static String of(String first, String... others) {
    StringBuilder id = new StringBuilder();
    append(id, first);
    for (String part : others) {
      id.append('/');
      append(id, part);
    }
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "an id of one empty part would be empty; an id has 1 to 1,024 bytes");
    }
    return id.toString();
  }

  /**
   * The parts of an id that {@link #of} made.
   *
   * @throws IllegalArgumentException if {@code of} cannot have made it
   */
  public static List<String> parts(String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an empty text is no id");
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '/') {
        parts.add(part.toString());
        part.setLength(0);
      } else if (c != '%') {
        part.append(c);
      } else if (id.startsWith("%2F", i)) {
        part.append('/');
        i += 2;
      } else if (id.startsWith("%25", i)) {
        part.append('%');
        i += 2;
      } else {
        throw new IllegalArgumentException(
            "the id \""
                + id
                + "\" has a % at index "
                + i
                + " that is neither %2F nor %25; only ids made by Ids.of can be taken apart");
      }
    }
    parts.add(part.toString());
    return List.copyOf(parts);
  }

  private static void append(StringBuilder id, String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      switch (c) {
        case '/' -> id.append("%2F");
        case '%' -> id.append("%25");
        default -> id.append(c);
      }
    }
  }
}
