package dev.abide.processor;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Gives each name once. Case does not tell names apart, since some file systems do not either and
 * nested classes become files.
 */
final class UniqueNames {
  private final Set<String> taken = new HashSet<>();

  /** Keeps a name from being given; it may be kept already. */
  void reserve(String name) {
    taken.add(name.toLowerCase(Locale.ROOT));
  }

  /** The wanted name, or with the first number behind it that makes it free. */
  String take(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
      name = wanted + i;
    }
    return name;
  }
}
