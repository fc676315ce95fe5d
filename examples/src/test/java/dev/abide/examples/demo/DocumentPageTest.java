package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/**
 * Two browsers at one whiteboard, on a server that is killed with -9: both draw on meanwhile, and
 * agree afterwards.
 */
class DocumentPageTest {
  @TempDir Path directory;

  private final List<ChromeDriver> browsers = new ArrayList<>();
  private DemoProcess server;

  @AfterEach
  void close() throws InterruptedException {
    browsers.forEach(ChromeDriver::quit);
    if (server != null) {
      server.close();
    }
  }

  private ChromeDriver browser(String name) {
    ChromeDriver browser = Chromium.open(directory.resolve(name), Level.SEVERE, 1200, 900);
    browsers.add(browser);
    return browser;
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

  @Test
  void twoPages_seeEachOther_loseTheServer_andAgreeAfterwards() throws Exception {
    server = new DemoProcess(directory);
    ChromeDriver ann = browser("ann");
    ChromeDriver bob = browser("bob");
    String address = server.home() + "document#plans/%C3%A9";
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
    Chromium.shot(ann, "document-draft");
    assertThat(body(ann, "length")).isEqualTo("1");
    new Actions(bob).moveByOffset(50, 0).release().perform();
    awaitBoard(ann, 2);
    assertThat(body(ann, "drafts")).isEqualTo("0");
    awaitBoard(bob, 2);
    assertThat(pixels(ann)).isEqualTo(pixels(bob)).isNotEqualTo(empty);
    await().untilAsserted(() -> assertThat(body(ann, "people")).isEqualTo("2"));
    Chromium.shot(ann, "document-two");

    server.kill();
    awaitState(ann, "waiting");
    stroke(ann, -150, 100, 300, 40);
    stroke(bob, 100, -120, -60, 90);
    stroke(bob, 150, -120, -60, 90);
    // What has no number yet can be taken back: the last one, and not the last that the server has.
    await().untilAsserted(() -> assertThat(body(bob, "unsettled")).isEqualTo("2"));
    String two = pixels(bob);
    stroke(bob, -100, 60, -80, 40);
    await().untilAsserted(() -> assertThat(body(bob, "unsettled")).isEqualTo("3"));
    assertThat(pixels(bob)).isNotEqualTo(two);
    bob.findElement(By.id("undo")).click();
    await().untilAsserted(() -> assertThat(body(bob, "unsettled")).isEqualTo("4"));
    assertThat(pixels(bob)).isEqualTo(two);
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
    Chromium.shot(bob, "document-away");
    server.start();
    awaitBoard(ann, 7);
    awaitBoard(bob, 7);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));

    bob.findElement(By.id("undo")).click();
    awaitBoard(ann, 8);
    awaitBoard(bob, 8);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));
    // Who comes now sees the same, and the history is there.
    bob.navigate().refresh();
    awaitBoard(bob, 8);
    assertThat(pixels(ann)).isEqualTo(pixels(bob));
    bob.executeScript(
        "const when = document.getElementById('when'); when.value = 0;"
            + " when.dispatchEvent(new Event('input'))");
    assertThat(pixels(bob)).isEqualTo(empty);
    Chromium.shot(bob, "document-before");
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
    Chromium.shot(bob, "document-boards");
    assertThat(ann.manage().logs().get(LogType.BROWSER).getAll())
        .as("errors of the page, but for the server that was away")
        .allMatch(entry -> entry.getMessage().contains("WebSocket connection"));
    Chromium.shot(ann, "document-after");
  }
}
