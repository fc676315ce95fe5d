package dev.abide.jmh;

import dev.abide.jmh.report.MisuseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks there are: classes that carry a {@link Question}. */
final class Suite {
  /** The order in which questions are asked; one that is missing here is asked last. */
  private static final List<String> ORDER =
      List.of(
          "IdleCall",
          "Arguments",
          "CallerThread",
          "ContendedCall",
          "CallById",
          "CallAmongMany",
          "OneWay",
          "OneWayCrowd",
          "Chain",
          "Fan",
          "Creation",
          "Counter",
          "CounterOnDisk",
          "CounterOnDiskCrowd",
          "DurableLoneCall",
          "DurableCall",
          "DurableThrong",
          "ReadWhileCommitting",
          "ReadWhileCommittingCrowd",
          "SleepWake",
          "SleepWakeCrowd",
          "Heap");

  private static final String SUFFIX = "Benchmark";

  /** A question and those of its methods that were chosen. */
  record Chosen(Class<?> type, List<String> methods) {
    String name() {
      return Suite.name(type.getSimpleName());
    }

    Question question() {
      return type.getAnnotation(Question.class);
    }

    /** What its JVMs are started with beside the flags of all. */
    List<String> flags() {
      Fork fork = type.getAnnotation(Fork.class);
      return fork == null
          ? List.of()
          : Stream.of(fork.jvmArgsAppend()).filter(flag -> !flag.equals(Fork.BLANK_ARGS)).toList();
    }

    /**
     * The sets of parameters that are measured one after the other: names and their values; what a
     * set does not name has all its values.
     */
    List<Map<String, List<String>>> sets(boolean brief) {
      String[] sets = question().brief();
      return brief && sets.length > 0
          ? Arrays.stream(sets).map(Suite::set).toList()
          : List.of(Map.of());
    }

    /** Methods that are called by one caller, who waits for as long as an invocation takes. */
    List<String> lone() {
      return methods.stream().filter(method -> !isOfCrowd(method)).toList();
    }

    /** Methods whose invocation is a crowd, the times of whose calls are taken in it. */
    List<String> crowds() {
      return methods.stream().filter(this::isOfCrowd).toList();
    }

    private boolean isOfCrowd(String method) {
      return question().crowds()
          && Arrays.stream(type.getMethods())
              .filter(found -> found.getName().equals(method))
              .anyMatch(found -> found.isAnnotationPresent(OperationsPerInvocation.class));
    }
  }

  private Suite() {}

  private static Map<String, List<String>> set(String text) {
    return Arrays.stream(text.split(" ", -1))
        .map(param -> param.split("=", 2))
        .collect(Collectors.toMap(param -> param[0], param -> List.of(param[1].split(",", -1))));
  }

  static String name(String simpleName) {
    return simpleName.endsWith(SUFFIX)
        ? simpleName.substring(0, simpleName.length() - SUFFIX.length())
        : simpleName;
  }

  /**
   * The questions with a method whose name, {@code IdleCall.abideInline} for one, has the pattern
   * in it; without a pattern all of them, or what the short mode asks. The yardstick of a question
   * is always among its methods.
   *
   * @throws MisuseException if there is none
   */
  static List<Chosen> choose(Optional<Pattern> pattern, boolean brief) {
    SortedMap<Integer, Chosen> chosen = new TreeMap<>();
    Map<Class<?>, List<String>> all = all();
    int last = ORDER.size();
    for (Map.Entry<Class<?>, List<String>> entry : all.entrySet()) {
      Class<?> type = entry.getKey();
      String name = name(type.getSimpleName());
      TreeSet<String> methods = new TreeSet<>();
      for (String method : entry.getValue()) {
        if (pattern
            .map(one -> one.matcher(name + "." + method).find())
            .orElseGet(() -> !brief || isBrief(type, method))) {
          methods.add(method);
        }
      }
      if (!methods.isEmpty()) {
        methods.add(type.getAnnotation(Question.class).yardstick());
        int place = ORDER.indexOf(name);
        chosen.put(place < 0 ? last++ : place, new Chosen(type, List.copyOf(methods)));
      }
    }
    if (chosen.isEmpty()) {
      throw new MisuseException(
          "\""
              + pattern.orElseThrow().pattern()
              + "\" matches no benchmark; questions: "
              + String.join(" ", ORDER));
    }
    return List.copyOf(chosen.values());
  }

  private static boolean isBrief(Class<?> type, String method) {
    Question question = type.getAnnotation(Question.class);
    List<String> methods = List.of(question.briefMethods());
    return !question.longOnly() && (methods.isEmpty() || methods.contains(method));
  }

  private static Map<Class<?>, List<String>> all() {
    Map<Class<?>, List<String>> all = new LinkedHashMap<>();
    BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
        .forEach(entry -> {
          String name = entry.getUsername();
          int dot = name.lastIndexOf('.');
          Class<?> type = type(name.substring(0, dot));
          if (type.isAnnotationPresent(Question.class)) {
            all.computeIfAbsent(type, absent -> new ArrayList<>()).add(name.substring(dot + 1));
          }
        });
    return all;
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the list of benchmarks names a class that is not there", e);
    }
  }
}
