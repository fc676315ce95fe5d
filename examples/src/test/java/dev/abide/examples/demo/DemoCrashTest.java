package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6 through HTTP: the server is killed with -9 under load, and what it acknowledged is there
 * when it comes back, once.
 */
class DemoCrashTest {
  private static final int ROUNDS = 10;
  private static final int CLIENTS = 64;
  private static final int COUNTERS = 1_000;
  private static final Pattern HOME = Pattern.compile("http://localhost:([0-9]+)");

  @TempDir Path directory;

  /** Where Flight Recorder leaves what it had when its process was killed. */
  @TempDir Path temporary;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** Increments that were answered, by counter; the ledger is ours and never the server's. */
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

  /** Increments whose answer never came: done or not, but not twice. */
  private final Map<Integer, Long> unknown = new ConcurrentHashMap<>();

  private record Server(Process process, BufferedReader out, String home) {}

  @Test
  void everyAcknowledgedIncrement_survivesAKill_andNoneIsDoubled() throws Exception {
    System.out.println("DemoCrashTest seed " + seed);
    int lost = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Server server = start();
      try (HttpClient client = HttpClient.newHttpClient()) {
        check(client, server.home());
        incrementUntilKilled(client, server, 200 + random.nextInt(800));
      } finally {
        server.process().toHandle().destroyForcibly();
        server.process().waitFor();
        server.out().close();
      }
      lost += unknown.values().stream().mapToInt(Long::intValue).sum();
    }
    Server server = start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      check(client, server.home());
    } finally {
      server.process().toHandle().destroy();
      assertThat(server.process().waitFor()).as("SIGTERM drains and exits 0").isZero();
      server.out().close();
    }
    assertThat(lost).as("answers that a kill cut off").isPositive();
  }

  private Server start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../engine/abide.jvmargs"),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port",
                "0",
                "--data",
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    assertThat(line).as("what the server says first").isNotNull();
    Matcher home = HOME.matcher(line);
    assertThat(home.find()).as(line).isTrue();
    return new Server(process, out, home.group());
  }

  private void incrementUntilKilled(HttpClient client, Server server, int enough) {
    AtomicInteger answered = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < CLIENTS; n++) {
        long own = random.nextLong();
        threads.submit(() -> {
          Random picks = new Random(own);
          while (true) {
            int counter = picks.nextInt(COUNTERS);
            try {
              HttpResponse<String> answer = increment(client, server.home(), counter);
              assertThat(answer.statusCode()).isEqualTo(200);
              acknowledged.merge(counter, 1L, Long::sum);
            } catch (IOException killed) {
              unknown.merge(counter, 1L, Long::sum);
              return null;
            }
            if (answered.incrementAndGet() == enough) {
              server.process().toHandle().destroyForcibly();
            }
          }
        });
      }
    }
    assertThat(answered).hasValueGreaterThanOrEqualTo(enough);
  }

  /** Each counter has what was acknowledged, and at most what may have been done beside that. */
  private void check(HttpClient client, String home) throws Exception {
    for (Map.Entry<Integer, Long> entry : acknowledged.entrySet()) {
      entry.setValue(checked(client, home, entry.getKey(), entry.getValue()));
    }
    for (int counter : unknown.keySet()) {
      if (!acknowledged.containsKey(counter)) {
        acknowledged.put(counter, checked(client, home, counter, 0));
      }
    }
    unknown.clear();
  }

  private long checked(HttpClient client, String home, int counter, long atLeast) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(home + "/objects/counter/c" + counter + "/value"))
            .build();
    long value = Long.parseLong(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    assertThat(value)
        .as("counter " + counter)
        .isBetween(atLeast, atLeast + unknown.getOrDefault(counter, 0L));
    return value;
  }

  private static HttpResponse<String> increment(HttpClient client, String home, int counter)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(home + "/objects/counter/c" + counter + "/increment"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"by\":1}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
