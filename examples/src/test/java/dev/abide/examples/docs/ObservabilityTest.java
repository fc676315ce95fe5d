package dev.abide.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.engine.spi.Metrics;
import dev.abide.examples.counter.Counter;
import dev.abide.undertow.UndertowEdge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Threshold;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

/** The page's tables say what there is: every metric, every event, every limit, and no other. */
class ObservabilityTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> OF_EVERY_EVENT =
      Set.of("startTime", "duration", "eventThread", "stackTrace");

  private static List<String> rows(String page, String beginning) throws IOException {
    return Files.readAllLines(ROOT.resolve("docs").resolve(page)).stream()
        .filter(line -> line.startsWith(beginning))
        .toList();
  }

  @Test
  void metricsOfTheEngine_areTheRowsOfTheTable() throws IOException {
    try (Abide abide =
        Abide.inMemory(options -> options.host(Counter.class, Counter.CounterObject::new))) {
      Set<String> rows =
          Metrics.of(abide).series().stream()
              .map(series ->
                  "| `%s` | %s | %s | %s |"
                      .formatted(
                          series.name(),
                          series.kind().name().toLowerCase(Locale.ROOT),
                          String.join(", ", new TreeSet<>(series.labels().keySet())),
                          series.help()))
              .collect(Collectors.toSet());

      assertThat(rows("observability.md", "| `abide."))
          .filteredOn(row -> !row.startsWith("| `abide.edge."))
          .containsExactlyInAnyOrderElementsOf(rows);
    }
  }

  @Test
  void metricsOfTheEdge_areTheRowsOfTheTable() throws Exception {
    String scraped;
    try (Abide abide =
            Abide.inMemory(options -> options.host(Counter.class, Counter.CounterObject::new));
        UndertowEdge edge =
            UndertowEdge.open(
                abide, options -> options.bind("127.0.0.1", 0).admin("127.0.0.1", 0));
        HttpClient client = HttpClient.newHttpClient()) {
      get(client, edge.port(), "/livez");
      scraped = get(client, edge.adminPort(), "/metrics");
    }

    List<String> rows = new ArrayList<>();
    for (String row : rows("observability.md", "| `abide.edge.")) {
      String[] cells = row.split(" \\| ", -1);
      String name = cells[0].substring(3, cells[0].length() - 1).replace('.', '_');
      rows.add("# TYPE " + name + " " + cells[1]);
      rows.add("# HELP " + name + " " + cells[3].substring(0, cells[3].length() - 2));
    }
    assertThat(scraped.lines().filter(line -> line.matches("# (TYPE|HELP) abide_edge_.*")))
        .containsExactlyInAnyOrderElementsOf(rows);
  }

  private static String get(HttpClient client, int port, String path) throws Exception {
    URI uri = URI.create("http://localhost:" + port + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void events_areTheRowsOfTheTable() throws Exception {
    List<String> rows = new ArrayList<>();
    Path sources = ROOT.resolve("engine/src/main/java/dev/abide/engine/internal/observe");
    try (Stream<Path> files = Files.list(sources)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Event.java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .toList();
      for (String name : names) {
        rows.add(row(Class.forName("dev.abide.engine.internal.observe." + name)));
      }
    }

    assertThat(rows).hasSizeGreaterThan(7);
    assertThat(rows("observability.md", "| `dev.abide.")).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static String row(Class<?> event) {
    EventType type = EventType.getEventType(event.asSubclass(Event.class));
    Threshold threshold = event.getAnnotation(Threshold.class);
    return "| `%s` | %s | %s | %s |"
        .formatted(
            type.getName(),
            threshold == null ? "" : threshold.value(),
            type.getFields().stream()
                .map(ValueDescriptor::getName)
                .filter(field -> !OF_EVERY_EVENT.contains(field))
                .map(field -> "`" + field + "`")
                .collect(Collectors.joining(", ")),
            type.getDescription());
  }

  @Test
  void limits_thatAreCounted_areThoseOfTheTable() throws IOException {
    try (Abide abide =
        Abide.inMemory(options -> options.host(Counter.class, Counter.CounterObject::new))) {
      Set<String> counted =
          Metrics.of(abide).series().stream()
              .filter(series -> series.name().equals("abide.limits"))
              .map(series -> series.labels().get("limit"))
              .collect(Collectors.toSet());
      Set<String> said = new TreeSet<>();
      Matcher found =
          Pattern.compile("`limit=\"([a-z-]+)\"`")
              .matcher(Files.readString(ROOT.resolve("docs/limits.md")));
      while (found.find()) {
        said.add(found.group(1));
      }

      assertThat(said).containsExactlyInAnyOrderElementsOf(counted);
    }
    assertThat(rows("limits.md", "| "))
        .as("each bound says how it is counted")
        .allSatisfy(row -> {
          List<String> cells = Arrays.asList(row.split("\\|", -1));
          assertThat(cells).as(row).hasSize(7);
          assertThat(cells.get(5)).as(row).isNotBlank();
        });
  }
}
