package dev.abide.jmh;

import dev.abide.jmh.report.MisuseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What {@code ./abide bench} was asked for. */
sealed interface Arguments {
  /** Runs benchmarks. */
  record Run(Optional<Pattern> pattern, boolean longMode, Optional<Path> out)
      implements Arguments {}

  /** Compares two files of results. */
  record Compare(Path before, Path after) implements Arguments {}

  /** Makes one set of results of several files. */
  record Merge(List<Path> parts, Path out) implements Arguments {}

  /** Measures memory. */
  record Memory(int awake, int sleeping) implements Arguments {}

  /** Objects that are measured where nobody says how many. */
  int FOOTPRINT_DEFAULT = 200_000;

  /**
   * Reads them.
   *
   * @throws MisuseException if they make no sense
   */
  static Arguments of(List<String> words) {
    String first = words.isEmpty() ? "" : words.getFirst();
    return switch (first) {
      case "compare" -> compare(words.subList(1, words.size()));
      case "merge" -> merge(words.subList(1, words.size()));
      case "footprint" -> memory(words.subList(1, words.size()));
      default -> run(words);
    };
  }

  private static Run run(List<String> words) {
    Optional<Pattern> pattern = Optional.empty();
    Optional<Path> out = Optional.empty();
    boolean longMode = false;
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at);
      switch (word) {
        case "--long" -> longMode = true;
        case "--out" -> {
          at++;
          out = Optional.of(Path.of(value(words, at, "--out", "a directory")));
        }
        default -> {
          refuseOption(word, "--long and --out DIR");
          if (pattern.isPresent()) {
            throw new MisuseException("one PATTERN is enough, but there is another one: " + word);
          }
          pattern = Optional.of(pattern(word));
        }
      }
    }
    return new Run(pattern, longMode, out);
  }

  private static Compare compare(List<String> words) {
    words.forEach(word -> refuseOption(word, "none"));
    if (words.size() != 2) {
      throw new MisuseException(
          "compare takes two files of results, but got "
              + words.size()
              + "; usage: compare A.json B.json");
    }
    return new Compare(Path.of(words.get(0)), Path.of(words.get(1)));
  }

  private static Merge merge(List<String> words) {
    List<Path> parts = new ArrayList<>();
    Optional<Path> out = Optional.empty();
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at);
      if (word.equals("--out")) {
        at++;
        out = Optional.of(Path.of(value(words, at, "--out", "a directory")));
      } else {
        refuseOption(word, "--out DIR");
        parts.add(Path.of(word));
      }
    }
    if (parts.size() < 2 || out.isEmpty()) {
      throw new MisuseException(
          "merge takes two files of results or more and where to write, but got "
              + parts.size()
              + (out.isEmpty() ? " and no --out" : "")
              + "; usage: merge A.json B.json ... --out DIR");
    }
    return new Merge(List.copyOf(parts), out.get());
  }

  private static Memory memory(List<String> words) {
    Optional<Integer> count = Optional.empty();
    Optional<Integer> sleeping = Optional.empty();
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at);
      if (word.equals("--sleeping")) {
        at++;
        sleeping = Optional.of(count(value(words, at, "--sleeping", "a number of objects")));
      } else {
        refuseOption(word, "--sleeping COUNT");
        if (count.isPresent()) {
          throw new MisuseException("one COUNT is enough, but there is another one: " + word);
        }
        count = Optional.of(count(word));
      }
    }
    int awake = count.orElse(FOOTPRINT_DEFAULT);
    return new Memory(awake, sleeping.orElse(awake));
  }

  private static int count(String word) {
    try {
      int count = Integer.parseInt(word);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number that is too small.
    }
    throw new MisuseException(
        "\"" + word + "\" is not a number of objects; give one from 1 to " + Integer.MAX_VALUE);
  }

  private static String value(List<String> words, int at, String option, String what) {
    if (at >= words.size() || words.get(at).startsWith("--")) {
      throw new MisuseException(option + " needs " + what + " behind it");
    }
    return words.get(at);
  }

  private static void refuseOption(String word, String known) {
    if (word.startsWith("-")) {
      throw new MisuseException("there is no option " + word + "; options here: " + known);
    }
  }

  private static Pattern pattern(String word) {
    try {
      return Pattern.compile(word, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new MisuseException("\"" + word + "\" is no regular expression: " + e.getDescription());
    }
  }
}
