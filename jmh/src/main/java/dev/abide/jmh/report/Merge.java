package dev.abide.jmh.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes one set of results of several: of questions that were asked one by one. All must be of one
 * commit, machine, JVM and mode, for a table is read as one run's.
 */
public final class Merge {
  private Merge() {}

  /** A file's name and what it holds. */
  public record Part(String name, Results results) {}

  /**
   * The figures of all, the questions in the order of the parts, under the time of the last one.
   *
   * @throws MisuseException if the parts are not of one commit, or have a figure in common
   */
  public static Results of(List<Part> parts) {
    Part first = parts.getFirst();
    String commit = first.results().environment().commit();
    if (commit.equals("unknown") || commit.endsWith("-dirty")) {
      throw new MisuseException(
          first.name()
              + " was measured on sources that no commit names ("
              + commit
              + "), so nobody knows whether the others are of the same; commit, and measure again");
    }
    Map<String, Study> studies = new LinkedHashMap<>();
    Map<String, List<Figure>> figures = new LinkedHashMap<>();
    Map<String, String> origins = new LinkedHashMap<>();
    String made = "";
    for (Part part : parts) {
      refuseOtherOrigin(first, part);
      made = made.compareTo(part.results().made()) < 0 ? part.results().made() : made;
      for (Study study : part.results().studies()) {
        Study known = studies.putIfAbsent(study.name(), study);
        if (known != null && !known.equals(study)) {
          throw new MisuseException(
              part.name() + " asks " + study.name() + " otherwise than a file before it");
        }
        for (Figure figure : part.results().of(study)) {
          figures.computeIfAbsent(study.name(), absent -> new ArrayList<>()).add(figure);
          String other = origins.putIfAbsent(figure.key(), part.name());
          if (other != null) {
            throw new MisuseException(
                figure.key()
                    + " is in "
                    + other
                    + " and in "
                    + part.name()
                    + "; leave one of them out, or compare them");
          }
        }
      }
    }
    return new Results(
        Results.FORMAT,
        made,
        first.results().mode(),
        first.results().environment(),
        List.copyOf(studies.values()),
        figures.values().stream().flatMap(List::stream).toList());
  }

  private static void refuseOtherOrigin(Part first, Part part) {
    Map<String, String> expected = origin(first.results());
    origin(part.results())
        .forEach((what, found) -> {
          if (!found.equals(expected.get(what))) {
            throw new MisuseException(
                part.name()
                    + " differs from "
                    + first.name()
                    + " in its "
                    + what
                    + ": "
                    + found
                    + " instead of "
                    + expected.get(what)
                    + "; only results of one commit, machine, JVM and mode make one table");
          }
        });
  }

  private static Map<String, String> origin(Results results) {
    Environment where = results.environment();
    Map<String, String> origin = new TreeMap<>();
    origin.put("mode", results.mode());
    origin.put("commit", where.commit());
    origin.put("machine", where.machine());
    origin.put("cores", Integer.toString(where.cores()));
    origin.put("system", where.system());
    origin.put("file system", where.fileSystem());
    origin.put("JDK", where.jdk());
    origin.put("memory", where.memory());
    origin.put("flags", String.join(" ", where.flags()));
    return origin;
  }
}
