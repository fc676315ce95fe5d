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

  /** Compares files of results: one of each commit, or several of each. */
  record Compare(List<Path> before, List<Path> after) implements Arguments {}

  /** Makes one set of results of several files. */
  record Merge(List<Path> parts, Path out) implements Arguments {}

  /** Measures memory. */
  record Memory(int awake, int sleeping) implements Arguments {}

  /** How two commits are compared. */
  String COMPARE_USAGE =
      "compare A.json B.json, or compare A1.json A2.json ... -- B1.json B2.json ...";

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
    int between = words.indexOf("--");
    List<String> before =
        between < 0 ? words.subList(0, Math.min(1, words.size())) : words.subList(0, between);
    List<String> after = words.subList(between < 0 ? before.size() : between + 1, words.size());
    before.forEach(word -> refuseOption(word, COMPARE_USAGE));
    after.forEach(word -> refuseOption(word, COMPARE_USAGE));
    int least = between < 0 ? 1 : 2;
    if (before.size() < least || after.size() < least || (between < 0 && after.size() > 1)) {
      throw new MisuseException(
          (between < 0
                  ? "compare takes two files of results, but got " + words.size()
                  : "with -- compare takes two files or more on either side, but got "
                      + before.size()
                      + " and "
                      + after.size())
              + "; usage: "
              + COMPARE_USAGE);
    }
    for (List<String> side : List.of(before, after)) {
      if (side.stream().distinct().count() < side.size()) {
        throw new MisuseException(
            "a file stands twice on one side: " + side + "; each run is one witness");
      }
    }
    return new Compare(paths(before), paths(after));
  }

  private static List<Path> paths(List<String> words) {
    return words.stream().map(Path::of).toList();
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
