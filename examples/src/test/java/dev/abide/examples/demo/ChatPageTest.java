package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** Two browsers that chat, on a server that is killed with -9 between. */
class ChatPageTest {
  @TempDir Path directory;

  private DemoProcess server;
  private ChromeDriver ann;
  private ChromeDriver bob;

  @BeforeEach
  void open() throws Exception {
    server = new DemoProcess(directory);
    ann = Chromium.open(directory.resolve("ann"), Level.SEVERE, 1100, 800);
    bob = Chromium.open(directory.resolve("bob"), Level.SEVERE, 1100, 800);
  }

  @AfterEach
  void close() throws InterruptedException {
    for (ChromeDriver browser : new ChromeDriver[] {ann, bob}) {
      if (browser != null) {
        browser.quit();
      }
    }
    server.close();
  }

  private static String text(ChromeDriver browser, String id) {
    return browser.findElement(By.id(id)).getText();
  }

  private static void awaitText(ChromeDriver browser, String id, String... parts) {
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(text(browser, id)).contains(parts));
  }

  private static void type(ChromeDriver browser, String id, String text) {
    browser.findElement(By.id(id)).sendKeys(text + "\n");
  }

  private static void awaitState(ChromeDriver browser, String state) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() ->
            Objects.equals(
                browser.findElement(By.id("state")).getDomAttribute("data-state"), state));
  }

  private static void awaitNothingWaits(ChromeDriver browser) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() ->
            Objects.equals(
                browser.findElement(By.tagName("body")).getDomAttribute("data-waits"), "0"));
  }

  @Test
  void twoPages_chatInRooms_loseTheServer_andMissNothing() throws Exception {
    ann.get(server.home() + "chat#ann");
    bob.get(server.home() + "chat#bob");
    awaitText(ann, "members", "ann", "bob");
    awaitText(bob, "members", "ann", "bob");
    type(ann, "text", "hello <b>bob</b>");
    awaitText(bob, "lines", "ann", "hello <b>bob</b>");
    type(bob, "text", "hello ann");
    awaitText(ann, "lines", "hello ann");
    // Another room: what is said in the first one is counted meanwhile.
    type(bob, "other", "kitchen");
    awaitText(bob, "title", "kitchen");
    awaitText(bob, "members", "bob");
    type(ann, "text", "where are you?");
    await()
        .untilAsserted(() ->
            assertThat(
                    bob.findElements(By.cssSelector(".unread")).stream().map(WebElement::getText))
                .containsExactly("1"));
    Chromium.shot(bob, "chat-rooms");
    awaitNothingWaits(ann);

    server.kill();
    awaitState(ann, "waiting");
    type(ann, "text", "said while the server was away");
    assertThat(text(ann, "lines")).contains("on its way");
    Chromium.shot(ann, "chat-away");
    server.start();

    bob.findElement(By.xpath("//nav//button[starts-with(., 'lobby')]")).click();
    awaitText(bob, "lines", "hello ann", "where are you?", "said while the server was away");
    awaitNothingWaits(ann);
    assertThat(ann.findElements(By.cssSelector("#lines li"))).hasSize(4);
    await()
        .untilAsserted(() -> assertThat(bob.findElements(By.cssSelector("#lines li"))).hasSize(4));
    bob.findElement(By.id("leave")).click();
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(text(ann, "members")).isEqualTo("ann"));
    assertThat(ann.manage().logs().get(LogType.BROWSER).getAll())
        .as("errors of the page, but for the server that was away")
        .allMatch(entry -> entry.getMessage().contains("WebSocket connection"));
    Chromium.shot(ann, "chat-after");
  }
}
