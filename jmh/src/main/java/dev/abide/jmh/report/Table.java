package dev.abide.jmh.report;

import java.util.ArrayList;
import java.util.List;

/** Results as one table of plain text, under where they came from. */
public final class Table {
  private static final List<String> HEAD =
      List.of("", "per second", "+-", "B/op", "p50", "p99", "p99.9", "ratio");

  private Table() {}

  /** The text. */
  public static String of(Results results) {
    List<List<String>> rows = new ArrayList<>();
    for (Study study : results.studies()) {
      rows.add(List.of(study.ask()));
      rows.add(List.of("[" + study.terms() + "]"));
      for (Figure figure : results.of(study)) {
        rows.add(row(results, study, figure));
      }
      rows.add(List.of(""));
    }
    boolean sampled = results.figures().stream().anyMatch(figure -> !figure.nanos().isEmpty());
    return about(results) + "\n" + lay(rows, sampled);
  }

  static List<String> row(Results results, Study study, Figure figure) {
    String mark = figure.method().equals(study.yardstick()) ? " *" : "";
    return List.of(
        "  " + (figure.method() + " " + figure.paramsText()).strip() + mark,
        Numbers.rough(figure.perSecond()),
        Numbers.percent(figure.error(), figure.perSecond()),
        Numbers.bytes(figure.bytes()),
        nanos(figure, "p50"),
        nanos(figure, "p99"),
        nanos(figure, "p99.9"),
        results.ratio(study, figure).map(Numbers::ratio).orElse("-"));
  }

  private static String nanos(Figure figure, String percentile) {
    Double nanos = figure.nanos().get(percentile);
    return nanos == null ? "-" : Numbers.time(nanos);
  }

  /** Where they came from. */
  static String about(Results results) {
    Environment where = results.environment();
    String text =
        """
        %s, %s mode, commit %s
        %s, %d cores, %s, %s below what is durable
        %s, %s, flags: %s
        ratio: times as fast as the line marked * in the same run, of heap times as small; +-: 99.9 %% of the mean
        """
            .formatted(
                results.made(),
                results.mode(),
                where.commit(),
                where.machine(),
                where.cores(),
                where.system(),
                where.fileSystem(),
                where.jdk(),
                where.memory(),
                String.join(" ", where.flags()));
    return where.inMemory()
        ? text + "WARNING: " + where.fileSystem() + " is memory; durable figures mean nothing\n"
        : text;
  }

  private static String lay(List<List<String>> rows, boolean sampled) {
    List<Integer> columns = sampled ? List.of(0, 1, 2, 3, 4, 5, 6, 7) : List.of(0, 1, 2, 3, 7);
    List<Integer> widths =
        columns.stream()
            .map(column ->
                rows.stream()
                    .filter(row -> row.size() > 1)
                    .mapToInt(row -> row.get(column).length())
                    .reduce(HEAD.get(column).length(), Math::max))
            .toList();
    StringBuilder text = new StringBuilder();
    line(text, HEAD, columns, widths);
    for (List<String> row : rows) {
      if (row.size() == 1) {
        text.append(row.getFirst()).append('\n');
      } else {
        line(text, row, columns, widths);
      }
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, List<String> row, List<Integer> columns, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int at = 0; at < columns.size(); at++) {
      String cell = row.get(columns.get(at));
      String space = " ".repeat(widths.get(at) - cell.length());
      line.append(at == 0 ? cell + space : "  " + space + cell);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
