package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Two browsers at one whiteboard, on a server that is killed with -9: both draw on meanwhile, and
 * agree afterwards.
 */
class DocumentPageTest {
  @TempDir Path directory;

  private final List<ChromeDriver> browsers = new ArrayList<>();
  private Process server;

  @AfterEach
  void close() throws InterruptedException {
    browsers.forEach(ChromeDriver::quit);
    if (server != null) {
      server.toHandle().destroyForcibly();
      server.waitFor();
    }
  }

  private ChromeDriver browser(String name) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + directory.resolve(name));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.SEVERE);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build(),
            options);
    browsers.add(browser);
    browser.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(1));
    browser.manage().window().setSize(new Dimension(1200, 900));
    return browser;
  }

  private void start(int port) throws IOException {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../engine/abide.jvmargs"),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port",
                "" + port,
                "--data",
                directory.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).contains("http://localhost:" + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void stroke(ChromeDriver browser, int x, int y, int dx, int dy) {
    WebElement ink = browser.findElement(By.id("ink"));
    new Actions(browser)
        .moveToElement(ink, x, y)
        .clickAndHold()
        .moveByOffset(dx / 2, dy / 2)
        .moveByOffset(dx / 2, -dy / 2)
        .release()
        .perform();
  }

  private static String body(ChromeDriver browser, String name) {
    return String.valueOf(browser.findElement(By.tagName("body")).getDomAttribute("data-" + name));
  }

  private static void awaitBoard(ChromeDriver browser, int length) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> {
          assertThat(body(browser, "length")).isEqualTo("" + length);
          assertThat(body(browser, "unsettled")).isEqualTo("0");
        });
  }

  /** The board as it is drawn. */
  private static String pixels(ChromeDriver browser) {
    return String.valueOf(
        browser.executeScript("return document.getElementById('ink').toDataURL()"));
  }

  private static void awaitState(ChromeDriver browser, String state) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() ->
            Objects.equals(
                browser.findElement(By.id("state")).getDomAttribute("data-state"), state));
  }

  private static void shot(ChromeDriver browser, String name) throws IOException {
    Files.write(Path.of("target", name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  @Test
  void twoPages_seeEachOther_loseTheServer_andAgreeAfterwards() throws Exception {
    int port = freePort();
    start(port);
    ChromeDriver ann = browser("ann");
    ChromeDriver bob = browser("bob");
    String address = "http://localhost:" + port + "/document#plans/%C3%A9";
    ann.get(address);
    bob.get(address);
    awaitState(ann, "open");
    awaitState(bob, "open");
    String empty = pixels(bob);

    stroke(ann, -200, -100, 120, 60);
    awaitBoard(bob, 1);
    // Who draws is watched while the pen is down, although nothing is on the board yet.
    WebElement ink = bob.findElement(By.id("ink"));
    new Actions(bob).moveToElement(ink, 60, 40).clickAndHold().moveByOffset(50, -80).perform();
    await().untilAsserted(() -> assertThat(body(ann, "drafts")).isEqualTo("1"));
    shot(ann, "document-draft");
    assertThat(body(ann, "length")).isEqualTo("1");
    new Actions(bob).moveByOffset(50, 0).release().perform();
    awaitBoard(ann, 2);
    assertThat(body(ann, "drafts")).isEqualTo("0");
    awaitBoard(bob, 2);
    assertThat(pixels(ann)).isEqualTo(pixels(bob)).isNotEqualTo(empty);
    await().untilAsserted(() -> assertThat(body(ann, "people")).isEqualTo("2"));
    shot(ann, "document-two");

    server.toHandle().destroyForcibly();
    server.waitFor();
    awaitState(ann, "waiting");
    stroke(ann, -150, 100, 300, 40);
    stroke(bob, 100, -120, -60, 90);
    stroke(bob, 150, -120, -60, 90);
    assertThat(body(bob, "length")).isEqualTo("2");
    // What waits for the server is bounded, and a script that sends more is told so.
    assertThat(
            ann.executeAsyncScript(
                "const done = arguments[0];"
                    + "import('/abide-socket.js').then(({ AbideSocket }) => {"
                    + "  const socket = new AbideSocket('/objects/document/x',"
                    + "      { unsettledMax: 2, onMessage: () => {} });"
                    + "  const sent = ['1', '2', '3'].map((key) => socket.send(key, 'x'));"
                    + "  socket.settle('1');"
                    + "  sent.push(socket.send('4', 'x'));"
                    + "  socket.close();"
                    + "  done(sent.join());"
                    + "});"))
        .isEqualTo("true,true,false,true");
    shot(bob, "document-away");
    start(port);
    awaitBoard(ann, 5);
    awaitBoard(bob, 5);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));

    bob.findElement(By.id("undo")).click();
    awaitBoard(ann, 6);
    awaitBoard(bob, 6);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));
    // Who comes now sees the same, and the history is there.
    bob.navigate().refresh();
    awaitBoard(bob, 6);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));
    bob.executeScript(
        "const when = document.getElementById('when'); when.value = 0;"
            + " when.dispatchEvent(new Event('input'))");
    assertThat(pixels(bob)).isEqualTo(empty);
    shot(bob, "document-before");
    bob.findElement(By.id("now")).click();
    assertThat(pixels(bob)).isEqualTo(pixels(ann));
    bob.findElement(By.id("play")).click();
    await().until(() -> pixels(bob).equals(pixels(ann)));
    // Another board is another object; both are listed.
    bob.findElement(By.id("other")).sendKeys("empty one\n");
    await().until(() -> bob.findElement(By.id("title")).getText().equals("empty one"));
    awaitState(bob, "open");
    assertThat(pixels(bob)).isEqualTo(empty);
    await()
        .untilAsserted(() ->
            assertThat(bob.findElement(By.id("boards")).getText())
                .contains("empty one")
                .contains("plans/\u00e9"));
    shot(bob, "document-boards");
    assertThat(ann.manage().logs().get(LogType.BROWSER).getAll())
        .as("errors of the page, but for the server that was away")
        .allMatch(entry -> entry.getMessage().contains("WebSocket connection"));
    shot(ann, "document-after");
  }
}
