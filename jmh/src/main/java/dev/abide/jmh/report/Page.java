package dev.abide.jmh.report;

import java.util.List;
import java.util.Locale;

/**
 * Results as a page that stands alone: no script, nothing fetched, light or dark as the reader has
 * it. Bars are logarithmic, since a question's answers may lie a thousand times apart; each chart
 * begins at the power of ten below its slowest answer, and a line marks each further power.
 */
public final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #667080;
        --line: #d8dee6; --own: #0b6bcb; --peer: #9aa5b1; --mark: #c2740a; }
      @media (prefers-color-scheme: dark) { :root { --back: #14171b; --text: #e6e9ed;
        --soft: #98a2ae; --line: #333a43; --own: #58a6ff; --peer: #6b7682; --mark: #e3a04a; } }
      body { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif;
        max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .2rem; }
      p, dl { color: var(--soft); margin: .2rem 0 .6rem; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
      dd { margin: 0; overflow-wrap: anywhere; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
      th { text-align: right; font-weight: normal; color: var(--soft); }
      td { text-align: right; padding: .15rem .5rem; white-space: nowrap;
        border-top: 1px solid var(--line); }
      td:first-child, th:first-child { text-align: left; padding-left: 0; }
      td.chart { width: 34%; min-width: 9rem; padding: 0; }
      .scale { position: relative; height: 1.1rem; background-size: var(--step) 100%;
        background-image: linear-gradient(to right, var(--line) 1px, transparent 1px); }
      .bar { position: absolute; top: .15rem; bottom: .15rem; left: 0; background: var(--peer);
        border-radius: 0 3px 3px 0; }
      .own .bar { background: var(--own); } .mark .bar { background: var(--mark); }
      .key { display: inline-block; width: .8rem; height: .8rem; border-radius: 3px;
        vertical-align: -1px; margin: 0 .3rem 0 1rem; }
      .warning { color: var(--mark); font-weight: bold; }
      """;

  private Page() {}

  /** The page. */
  public static String of(Results results) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>Abide benchmarks</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>Abide benchmarks</h1>\n");
    about(page, results);
    for (Study study : results.studies()) {
      study(page, results, study);
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static void about(StringBuilder page, Results results) {
    Environment where = results.environment();
    page.append("<dl>\n");
    fact(page, "made", results.made() + ", " + results.mode() + " mode");
    fact(page, "commit", where.commit());
    fact(page, "machine", where.machine() + ", " + where.cores() + " cores");
    fact(page, "system", where.system());
    fact(page, "durable on", where.fileSystem());
    fact(page, "JDK", where.jdk());
    fact(page, "memory", where.memory());
    fact(page, "flags", String.join(" ", where.flags()));
    page.append("</dl>\n");
    if (where.inMemory()) {
      page.append("<p class=\"warning\">")
          .append(escape(where.fileSystem()))
          .append(" is memory; durable figures mean nothing.</p>\n");
    }
    page.append("<p><span class=\"key\" style=\"background:var(--own)\"></span>Abide")
        .append("<span class=\"key\" style=\"background:var(--mark)\"></span>yardstick of a ratio")
        .append("<span class=\"key\" style=\"background:var(--peer)\"></span>others. ")
        .append("Bars are logarithmic: a line for each power of ten.</p>\n");
  }

  private static void fact(StringBuilder page, String name, String value) {
    page.append("<dt>").append(name).append("</dt><dd>").append(escape(value)).append("</dd>\n");
  }

  private static void study(StringBuilder page, Results results, Study study) {
    List<Figure> figures = results.of(study);
    double least = figures.stream().mapToDouble(Page::magnitude).min().orElse(0);
    double most = figures.stream().mapToDouble(Page::magnitude).max().orElse(0);
    boolean heap = figures.stream().anyMatch(Figure::ofHeap);
    double from = heap ? 0 : Math.ceil(least) - 1;
    double decades = Math.max(1, Math.ceil(most) - from);
    boolean sampled = figures.stream().anyMatch(figure -> !figure.nanos().isEmpty());
    page.append("<h2>").append(escape(study.ask())).append("</h2>\n<p>");
    if (!heap) {
      page.append("per second: ");
    }
    page.append(escape(study.terms()));
    page.append("</p>\n<div class=\"scroll\"><table>\n<tr>");
    page.append("<th></th><th></th><th>per second</th><th>±</th><th>B/op</th>");
    if (sampled) {
      page.append("<th>p50</th><th>p99</th><th>p99.9</th>");
    }
    page.append("<th>ratio</th></tr>\n");
    for (Figure figure : figures) {
      String kind =
          figure.abide() ? "own" : figure.method().equals(study.yardstick()) ? "mark" : "peer";
      List<String> cells = Table.row(results, study, figure);
      double length = (magnitude(figure) - from) / decades;
      page.append("<tr class=\"")
          .append(kind)
          .append("\"><td>")
          .append(escape(cells.getFirst().strip()));
      page.append(
          String.format(
              Locale.ROOT,
              "</td><td class=\"chart\"><div class=\"scale\" style=\"--step:%.3f%%\">"
                  + "<div class=\"bar\" style=\"width:%.1f%%\"></div></div></td>",
              100 / decades,
              Math.clamp(100 * length, 0.5, 100)));
      for (int cell = 1; cell < cells.size(); cell++) {
        if (sampled || cell < 4 || cell > 6) {
          page.append("<td>").append(escape(cells.get(cell))).append("</td>");
        }
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  /** The power of ten; what is below a byte of heap is none. */
  private static double magnitude(Figure figure) {
    return Math.log10(Math.max(figure.amount(), figure.ofHeap() ? 1 : 1e-3));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
