package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.engine.spi.Metrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.Summary;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scraper reads at the admin listener. */
class MetricsEndpointTest {
  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private Abide abide;
  private UndertowEdge edge;

  @BeforeEach
  void open() {
    abide = Abide.open(directory, options -> options.host(Room.class, Room.RoomObject::new));
    edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0).admin("127.0.0.1", 0));
  }

  @AfterEach
  void close() {
    edge.close();
    abide.close();
    client.close();
  }

  private HttpResponse<String> get(int port, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> add(String id, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + edge.port() + "/objects/room/" + id + "/add"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static List<MetricFamily> parsed(String text) throws IOException {
    CollectorPrometheusMetricsWalker families = new CollectorPrometheusMetricsWalker();
    new TextPrometheusMetricsProcessor(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), families)
        .walk();
    return families.getAllMetricFamilies();
  }

  /** The values by name and labels, as another's parser reads them. */
  private static Map<String, Double> values(String text) throws IOException {
    Map<String, Double> values = new HashMap<>();
    for (MetricFamily family : parsed(text)) {
      for (Metric metric : family.getMetrics()) {
        String name = family.getName() + new java.util.TreeMap<>(metric.getLabels());
        switch (metric) {
          case Counter counter -> values.put(name, counter.getValue());
          case Gauge gauge -> values.put(name, gauge.getValue());
          case Summary summary -> {
            values.put(name + "#", (double) summary.getSampleCount());
            values.put(name, summary.getSampleSum());
          }
          default -> throw new AssertionError(metric);
        }
      }
    }
    return values;
  }

  @Test
  void scraper_ofTheTextForm_readsWhatHappened() throws Exception {
    assertThat(add("a", "{\"by\":1}").statusCode()).isEqualTo(200);
    assertThat(add("a", "{\"by\":1}").statusCode()).isEqualTo(200);
    assertThat(add("a", "{\"by\":\"x\"}").statusCode()).isEqualTo(400);
    assertThat(get(edge.port(), "/objects/nothing/a/add").statusCode()).isEqualTo(404);

    HttpResponse<String> answer =
        get(edge.adminPort(), "/metrics", "Accept", "text/plain;version=0.0.4");

    assertThat(answer.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    Map<String, Double> values = values(answer.body());
    assertThat(values)
        .containsEntry("abide_calls_total{type=room}", 2.0)
        .containsEntry("abide_awake{type=room}", 1.0)
        .containsEntry("abide_wakes_total{type=room}", 1.0)
        .containsEntry("abide_turn_seconds{type=room}#", 2.0)
        .containsEntry("abide_queue_seconds{type=room}#", 2.0)
        .containsEntry("abide_calls_refused_total{reason=mailbox, type=room}", 0.0)
        .containsEntry("abide_limits_total{limit=value}", 0.0);
    // What is synced by the time that its reply asks does not wait.
    assertThat(values.get("abide_gate_seconds{}#")).isBetween(0.0, 2.0);
    assertThat(values.get("abide_commits_total{}")).isGreaterThanOrEqualTo(1.0);
    assertThat(values.get("abide_turn_seconds{type=room}")).isPositive();
    assertThat(values.get("abide_fsync_seconds{}#")).isGreaterThanOrEqualTo(1.0);
    assertThat(values)
        .containsEntry("abide_edge_answers_total{code=none, status=200}", 2.0)
        .containsEntry("abide_edge_answers_total{code=bad-request, status=400}", 1.0)
        .containsEntry("abide_edge_answers_total{code=not-found, status=404}", 1.0);
    assertThat(answer.body()).doesNotContain("\"a\"");
  }

  @Test
  void everySeriesOfTheEngine_isThere_withItsHelp() throws Exception {
    String text = get(edge.adminPort(), "/metrics", "Accept", "text/plain").body();

    Map<String, String> help = new HashMap<>();
    parsed(text).forEach(family -> help.put(family.getName(), family.getHelp()));
    for (Metrics.Series series : Metrics.of(abide).series()) {
      String name =
          series.name().replace('.', '_')
              + switch (series.kind()) {
                case COUNTER -> "_total";
                case GAUGE -> "";
                case TIMER -> "_seconds";
              };
      assertThat(help).as(series.name()).containsEntry(name, series.help());
    }
  }

  @Test
  void openMetrics_isTheForm_unlessOnlyTextIsWanted() throws Exception {
    String prometheus =
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2";
    for (HttpResponse<String> answer :
        List.of(
            get(edge.adminPort(), "/metrics"),
            get(edge.adminPort(), "/metrics", "Accept", "*/*"),
            get(edge.adminPort(), "/metrics", "Accept", prometheus))) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type"))
          .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(answer.body()).endsWith("# EOF\n");
      assertGrammar(answer.body());
    }
  }

  /** The rules of OpenMetrics that the older form does not have, line by line. */
  private static void assertGrammar(String text) {
    Pattern type = Pattern.compile("# TYPE (\\S+) (counter|gauge|summary)");
    Pattern sample = Pattern.compile("([a-z_]+)(\\{[^}]*\\})? -?[0-9.E-]+");
    String family = "";
    String kind = "";
    List<String> families = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher typed = type.matcher(line);
      if (typed.matches()) {
        family = typed.group(1);
        kind = typed.group(2);
        assertThat(family).as("a counter's family has no suffix").doesNotEndWith("_total");
        families.add(family);
      } else if (!line.startsWith("#")) {
        Matcher sampled = sample.matcher(line);
        assertThat(sampled.matches()).as(line).isTrue();
        switch (kind) {
          case "counter" -> assertThat(sampled.group(1)).isEqualTo(family + "_total");
          case "gauge" -> assertThat(sampled.group(1)).isEqualTo(family);
          default -> assertThat(sampled.group(1)).isIn(family + "_count", family + "_sum");
        }
      }
    }
    assertThat(families).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  @Test
  void metrics_areOnTheAdminListenerOnly_andForGetOnly() throws Exception {
    assertThat(get(edge.port(), "/metrics").statusCode()).isEqualTo(404);
    assertThat(get(edge.adminPort(), "/other").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create("http://localhost:" + edge.adminPort() + "/metrics"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }
}
