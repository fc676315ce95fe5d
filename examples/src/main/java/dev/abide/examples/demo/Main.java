package dev.abide.examples.demo;

import dev.abide.engine.AbideException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Serves the examples until it is told to stop; SIGTERM and Ctrl-C drain first. */
public final class Main {
  private static final String USAGE = "usage: demo [--port PORT] [--data DIRECTORY]";

  private Main() {}

  /** {@code --port}, 8080 by default, 0 picks one; {@code --data}, {@code data/demo}. */
  public static void main(String[] args) throws InterruptedException {
    int port = 8080;
    Path data = Path.of("data", "demo");
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        refuse(args[i] + " takes a value, or is not known; " + USAGE);
      }
      switch (args[i]) {
        case "--port" -> port = port(args[i + 1]);
        case "--data" -> data = Path.of(args[i + 1]);
        default -> refuse("there is no option " + args[i] + "; " + USAGE);
      }
    }
    serve(data, port);
  }

  private static void serve(Path data, int port) throws InterruptedException {
    try {
      DemoServer server = DemoServer.open(data, port);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    // A process that a signal ends would say so in its exit code.
                    Runtime.getRuntime().halt(0);
                  },
                  "demo-shutdown"));
      String home = "http://localhost:" + server.port();
      System.out.println("Abide's demo: " + home + "/  (data in " + data.toAbsolutePath() + ")");
      System.out.println(
          "  curl --json '{\"by\":2}' " + home + "/objects/counter/home-page/increment");
      System.out.println("Ctrl-C ends it.");
      new CountDownLatch(1).await();
    } catch (AbideException
        | IllegalArgumentException
        | IllegalStateException
        | UncheckedIOException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers that are out of range.
    }
    refuse("--port is " + text + ", and must be 0 to 65535");
    return 0;
  }

  private static void refuse(String why) {
    System.err.println("demo: " + why);
    System.exit(1);
  }
}
