package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The demo's page in a real browser, on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoPageTest {
  @TempDir static Path directory;

  private DemoServer server;
  private ChromeDriver browser;

  @BeforeAll
  void open() {
    server = DemoServer.open(directory.resolve("data"), 0);
    browser = Chromium.open(directory.resolve("profile"), Level.WARNING, 1280, 1400);
  }

  @BeforeEach
  void load() {
    browser.get(home());
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.quit();
    }
    server.close();
  }

  private String home() {
    return "http://localhost:" + server.port() + "/";
  }

  private WebElement card(String type) {
    return browser.findElement(By.cssSelector(".card[data-type=" + type + "]"));
  }

  private String press(String type, String method) {
    WebElement card = card(type);
    String before = card.findElement(By.cssSelector(".answer")).getText();
    card.findElement(By.cssSelector("form[data-method=" + method + "] button")).click();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              String now = card.findElement(By.cssSelector(".answer")).getText();
              return !now.equals(before) && now.contains("\n") ? now : null;
            },
            answer -> answer != null);
    return card.findElement(By.cssSelector(".answer .value")).getText();
  }

  private static void fill(WebElement card, String field, String value) {
    WebElement input = card.findElement(By.cssSelector(field));
    input.clear();
    input.sendKeys(value);
  }

  @Test
  void eachExample_isDrivenFromThePage() {
    fill(card("counter"), ".id", "page/\u00e9");
    fill(card("counter"), "[name=by]", "5");
    assertThat(press("counter", "increment")).isEqualTo("5");
    assertThat(press("counter", "value")).isEqualTo("5");

    assertThat(press("limiter", "acquire")).contains("\"allowed\":true");

    fill(card("reminder"), "[name=seconds]", "3600");
    assertThat(press("reminder", "remind")).contains("Z");
    assertThat(press("reminder", "waiting")).contains("\"text\":\"tea\"");
    assertThat(press("reminder", "forget")).isEqualTo("true");
    assertThat(press("reminder", "said")).isEqualTo("[]");

    assertThat(press("user", "moveTo")).isEqualTo("done");
    assertThat(press("user", "address")).contains("Springfield").contains("\"country\":null");
    assertThat(press("user", "add")).isEqualTo("2");

    assertThat(press("account", "deposit")).isEqualTo("1000");
    assertThat(press("account", "transfer")).isEqualTo("\"ARRIVED\"");
    assertThat(press("account", "balance")).isEqualTo("700");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .as("what the browser complains of")
        .extracting(LogEntry::getMessage)
        .isEmpty();
  }

  @Test
  void job_isFollowedFromStartToEnd() {
    WebElement card = card("job");
    fill(card, "[name=upTo]", "1000000");
    press("job", "start");
    WebElement pushed = card.findElement(By.cssSelector(".pushed"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> pushed.getText().startsWith("WAITING: 10 of 20 blocks, 41538 primes"));

    assertThat(press("job", "approve")).contains("\"phase\":\"COUNTING\"");

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> pushed.getText().startsWith("DONE: 20 of 20 blocks, 78498 primes"));
    assertThat(press("job", "cancel")).isEqualTo("cancelling was asked for, and the job is DONE");
    assertThat(
            browser.executeScript(
                "return performance.getEntriesByType('resource')"
                    + ".filter((entry) => entry.name.endsWith('/progress')).length"))
        .as("how often the page asked")
        .isEqualTo(0L);
    browser.manage().logs().get(LogType.BROWSER);
  }

  @Test
  void wakesAndSleeps_areShownLive_thoughThePageDidNothing() {
    String id = "shown <b>live</b>";
    fill(card("counter"), ".id", id);
    press("counter", "increment");
    WebElement life = browser.findElement(By.id("life"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> life.getText().contains("counter/" + id + "\nwoke"));

    // Nobody calls it: it falls asleep by itself, after ten seconds.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> life.getText().contains("counter/" + id + "\nfell asleep, idle"));

    assertThat(life.findElement(By.cssSelector(".figures")).getText())
        .matches("\\d+ awake; since the start \\d+ woke, \\d+ fell asleep, \\d+ alarms went off");
  }

  @Test
  void refusals_areShownAsTheyAre() {
    fill(card("account"), ".id", "poor");
    assertThat(press("account", "transfer")).contains("300 cents were asked for");
    fill(card("account"), "form[data-method=deposit] [name=cents]", "ten");
    assertThat(press("account", "deposit")).contains("cents: ");
    assertThat(card("account").findElement(By.cssSelector(".answer .note")).getText())
        .contains("400 bad-request");
    browser.manage().logs().get(LogType.BROWSER);
  }

  @Test
  void objectPutToSleep_wakesWithItsNextCall_andThePageSaysSo() {
    fill(card("counter"), ".id", "sleeper");
    press("counter", "increment");
    WebElement woken = card("counter").findElement(By.cssSelector(".woken"));
    await().until(() -> woken.getText().contains("woken 1 time"));

    card("counter").findElement(By.cssSelector(".sleep")).click();
    await().until(() -> woken.getText().contains("asleep"));
    press("counter", "value");

    assertThat(card("counter").findElement(By.cssSelector(".answer .note")).getText())
        .contains("it woke for this call");
    await().until(() -> woken.getText().contains("woken 2 times"));
  }

  @Test
  void curlLine_isTheCallItself() throws Exception {
    fill(card("counter"), ".id", "it's");
    String line = card("counter").findElement(By.cssSelector(".curl code")).getText();

    Process shell = new ProcessBuilder("bash", "-c", line + " --silent").start();
    assertThat(new String(shell.getInputStream().readAllBytes())).as(line).isEqualTo("1");
  }

  @Test
  void everyFieldAndButton_hasAName() {
    List<WebElement> all = browser.findElements(By.cssSelector("input, button"));

    assertThat(all)
        .hasSizeGreaterThan(20)
        .allSatisfy(element -> {
          assertThat(element.getAccessibleName()).isNotBlank();
        });
    assertThat(all.stream().filter(e -> e.getTagName().equals("button")))
        .extracting(WebElement::getAccessibleName)
        .doesNotHaveDuplicates();
  }

  @Test
  void ownPage_findsTheUserByCookie() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(home() + "address"));
      assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(401);
      request.header("Cookie", "user=nobody");
      assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body())
          .contains("No address yet");
      HttpRequest tooLong =
          HttpRequest.newBuilder(URI.create(home() + "address"))
              .header("Cookie", "user=" + "x".repeat(2_000))
              .build();
      assertThat(client.send(tooLong, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as("what is no id is answered too")
          .isEqualTo(400);
      HttpRequest page = HttpRequest.newBuilder(URI.create(home())).build();
      assertThat(
              client
                  .send(page, HttpResponse.BodyHandlers.ofString())
                  .headers()
                  .firstValue("content-security-policy"))
          .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self'"));
    }
  }

  /** For whoever wants to look: the file is in the build's folder. */
  @Test
  void screenshot_isTaken() throws Exception {
    browser.manage().window().setSize(new Dimension(1280, 3000));
    press("counter", "increment");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> browser.findElement(By.id("life")).getText().contains("counter/home-page"));
    Path file = Path.of("target", "demo-page.png");
    Files.write(file, browser.getScreenshotAs(org.openqa.selenium.OutputType.BYTES));
    browser.manage().window().setSize(new Dimension(1280, 1400));

    assertThat(file).isNotEmptyFile();
  }
}
