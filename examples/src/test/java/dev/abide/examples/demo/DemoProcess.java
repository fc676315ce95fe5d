package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The demo in a process of its own, to be killed and started again on the same port. */
final class DemoProcess implements AutoCloseable {
  private final Path directory;
  private final int port;
  private Process process;

  /** Starts it; data and temporary files lie in the directory. */
  DemoProcess(Path directory) throws IOException {
    this.directory = directory;
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
    this.process = started();
  }

  String home() {
    return "http://localhost:" + port + "/";
  }

  void start() throws IOException {
    process = started();
  }

  private Process started() throws IOException {
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../engine/abide.jvmargs"),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port",
                "" + port,
                "--data",
                directory.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).contains("http://localhost:" + port);
    return started;
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
