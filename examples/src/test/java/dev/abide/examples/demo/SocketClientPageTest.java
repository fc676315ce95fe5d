package dev.abide.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.undertow.UndertowEdge;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * A browser's end of a socket, alone: in a real browser, on a real edge, and with the page's clock
 * in the test's hand.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SocketClientPageTest {
  /** Timers are noted, and fire when the test says that time has passed. */
  private static final String PAGE =
      """
      <!doctype html>
      <script>
        let now = 1e12, ids = 0, timers = new Map();
        Date.now = () => now;
        globalThis.setTimeout = (work, ms) => { timers.set(++ids, { work, at: now + ms }); return ids; };
        globalThis.setInterval = (work, ms) => { timers.set(++ids, { work, at: now + ms, every: ms }); return ids; };
        globalThis.clearTimeout = globalThis.clearInterval = (id) => { timers.delete(id); };
        // Each timer that is due fires once, however late: as in a page that was hidden, or frozen.
        globalThis.pass = (ms) => {
          now += ms;
          for (const [id, timer] of [...timers]) {
            if (timer.at > now || !timers.has(id)) continue;
            if (timer.every) timer.at = now + timer.every; else timers.delete(id);
            timer.work();
          }
        };
        globalThis.log = [];
      </script>
      <script type="module">
        import { AbideSocket } from "/abide-socket.js";
        globalThis.plug = (url, more = {}) => {
          globalThis.socket = new AbideSocket(url, {
            onMessage: (text) => {
              log.push(text);
              if (text.startsWith("settle ")) socket.settle(text.slice(7));
            },
            onState: (state, { code, inMs }) => log.push(state === "waiting" ? `waiting ${code} ${inMs}` : state),
            ...more,
          });
        };
      </script>
      """;

  private final Abide abide =
      Abide.inMemory(
          options -> options.onReport(failure -> {}).host(Ledger.class, Ledger.LedgerObject::new));
  private final UndertowEdge edge =
      UndertowEdge.open(
          abide, options -> options.bind("127.0.0.1", 0).otherwise(SocketClientPageTest::page));
  private ChromeDriver browser;
  private String id;

  @BeforeAll
  void open(@TempDir Path directory) {
    browser = Chromium.open(directory.resolve("profile"), Level.SEVERE, 400, 300);
  }

  @AfterAll
  void close() {
    browser.quit();
    edge.close();
    abide.close();
  }

  private static void page(HttpServerExchange exchange) throws Exception {
    boolean script = exchange.getRequestPath().equals("/abide-socket.js");
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_TYPE, script ? "text/javascript" : "text/html;charset=utf-8");
    if (!script) {
      exchange.getResponseSender().send(PAGE);
      return;
    }
    try (InputStream in =
        UndertowEdge.class.getResourceAsStream("/dev/abide/undertow/abide-socket.js")) {
      exchange.getResponseSender().send(ByteBuffer.wrap(in.readAllBytes()));
    }
  }

  @BeforeEach
  void load(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    browser.get("http://localhost:" + edge.port() + "/");
    await(() -> assertThat(browser.executeScript("return typeof plug")).isEqualTo("function"));
  }

  private static void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(condition);
  }

  private void run(String script) {
    browser.executeScript(script);
  }

  private void plug(String more) {
    run("plug('/objects/ledger/" + id + "', " + more + ")");
  }

  private void awaitOpen() {
    await(() -> assertThat(state()).isEqualTo("open"));
  }

  private String state() {
    return String.valueOf(browser.executeScript("return socket.state"));
  }

  private List<String> log() {
    return String.valueOf(browser.executeScript("return log.join('\\n')")).lines().toList();
  }

  private List<String> came() {
    return Ledger.LedgerObject.came(id);
  }

  /** How long it waits after the connection that ended as the n-th, from 1. */
  private long pause(int n) {
    await(() -> assertThat(log().stream().filter(line -> line.startsWith("waiting"))).hasSize(n));
    String last = log().stream().filter(line -> line.startsWith("waiting")).toList().getLast();
    return Long.parseLong(last.substring(last.lastIndexOf(' ') + 1));
  }

  @Test
  void connectionThatOpensAndEndsAtOnce_comesBackMoreAndMoreSlowly() {
    plug("{}");
    run("socket.send('poison', 'fail')");
    for (int n = 1; n <= 5; n++) {
      long pause = pause(n);
      assertThat(pause).isBetween(125L << (n - 1), 250L << (n - 1));
      run("pass(" + pause + ")");
    }
    assertThat(log()).contains("open").anyMatch(line -> line.startsWith("waiting 1011"));
    // What was settled shows that it goes on: the next pause is the first again.
    pause(6);
    run("socket.settle('poison'); pass(15000)");
    awaitOpen();
    run("socket.send('good', 'good')");
    await(() -> assertThat(log()).contains("settle good"));
    run("socket.hint('fail')");
    assertThat(pause(7)).isBetween(125L, 250L);
  }

  @Test
  void connectionThatLasted_comesBackQuickly() {
    plug("{}");
    for (int n = 1; n <= 3; n++) {
      awaitOpen();
      run("socket.hint('fail')");
      run("pass(" + pause(n) + ")");
    }
    awaitOpen();
    run("pass(10000); socket.hint('fail')");
    assertThat(pause(4)).isBetween(125L, 250L);
  }

  @Test
  void eachConnection_saysWhereItTakesUp_andSendsAgainWhatWasNotSettled() {
    plug("{ query: { name: 'ann:' } }");
    awaitOpen();
    run("socket.saw(7); socket.saw(3)");
    assertThat(browser.executeScript("return socket.seen")).isEqualTo(7L);
    // The turn that fails is the last: what comes behind it is not the object's any more.
    run("socket.send('a', 'good'); socket.send('b', 'fail'); socket.send('c', 'later')");
    assertThat(browser.executeScript("return socket.unsettled")).isEqualTo(3L);
    long pause = pause(1);
    await(() -> assertThat(came()).containsExactly("good", "fail"));
    // It is not the object's keys that are settled here, but what it says.
    run("socket.settle('a'); socket.settle('b'); pass(" + pause + ")");
    await(() -> assertThat(log()).contains("settle later"));
    assertThat(Ledger.LedgerObject.seen(id)).containsExactly("ann:0", "ann:7");
    assertThat(came()).containsExactly("good", "fail", "later");
    run("socket.settle('c')");
    assertThat(browser.executeScript("return socket.unsettled")).isEqualTo(0L);
  }

  @Test
  void refusalsThatWouldComeAgain_areForGood() {
    for (int code : new int[] {1000, 1007, 1009, 1003}) {
      run("log.length = 0");
      plug("{ onState: (state, { code }) => log.push(`${state} ${code}`) }");
      awaitOpen();
      run("socket.hint('close " + code + "')");
      await(() -> assertThat(state()).isEqualTo("closed"));
      assertThat(log().getLast()).isEqualTo("closed " + code);
      assertThat(browser.executeScript("return socket.send('x', 'x')")).isEqualTo(false);
    }
    plug("{}");
    awaitOpen();
    run("socket.hint('close 1013')");
    pause(1);
    run("socket.close()");
  }

  @Test
  void whatWaited_isSentBeforeWhatIsSentNow() {
    // In one script, so that it is not open before the first two are given.
    run(
        "plug('/objects/ledger/"
            + id
            + "', { onState: (state) => { if (state === 'open') socket.send('3', '3'); } });"
            + "socket.send('1', '1'); socket.send('2', '2')");
    await(() -> assertThat(log()).contains("settle 3"));
    assertThat(came()).containsExactly("1", "2", "3");
  }

  @Test
  void pageWhoseTimersAreLate_asksBeforeItGivesUp() {
    plug("{}");
    awaitOpen();
    for (int n = 1; n <= 3; n++) {
      int pings = n;
      run("pass(60000)");
      assertThat(state()).isEqualTo("open");
      await(() -> assertThat(came()).hasSize(pings).containsOnly("ping"));
      // The answer is there when the page says that it has heard something: nothing is due then.
      run("socket.send('" + n + "', 'x')");
      await(() -> assertThat(log().stream().filter("settle x"::equals)).hasSize(pings));
      came().removeIf("x"::equals);
    }
    // Frozen between question and answer: what came meanwhile is heard before it gives up.
    run("pass(60000); pass(3600000)");
    assertThat(state()).isEqualTo("open");
  }

  @Test
  void connectionThatAnswersNoPing_isGivenUp() {
    id = "mute";
    plug("{}");
    awaitOpen();
    run("for (let s = 0; s < 60; s += 5) pass(5000)");
    assertThat(log()).anyMatch(line -> line.startsWith("waiting 1006"));
    await(() -> assertThat(came()).contains("ping"));
  }

  @Test
  void close_leavesNothing() {
    long before = listeners();
    plug(
        "{ onMessage: (text) => { log.push(text); socket.close(); },"
            + " onState: (state) => log.push(state) }");
    run("socket.send('1', 'many')");
    await(() -> assertThat(log()).contains("many 1"));
    // A second one goes through the server after the five lines of the first.
    run("log.push('-'); plug('/objects/ledger/" + id + "')");
    awaitOpen();
    run("socket.send('2', 'x')");
    await(() -> assertThat(log()).contains("settle x"));
    assertThat(log().stream().filter(line -> line.startsWith("many"))).containsExactly("many 1");
    assertThat(log().subList(0, log().indexOf("-"))).endsWith("many 1", "closed");
    run("socket.close(); window.dispatchEvent(new Event('online')); pass(100000)");
    assertThat(state()).isEqualTo("closed");
    assertThat(listeners()).isEqualTo(before);
    assertThat(browser.executeScript("return timers.size")).isEqualTo(0L);
  }

  @Test
  void closeInsideOfACallback_isForGood() {
    plug("{ onState: (state) => { log.push(state); if (state === 'waiting') socket.close(); } }");
    awaitOpen();
    run("socket.hint('fail')");
    await(() -> assertThat(state()).isEqualTo("closed"));
    run("pass(100000)");
    assertThat(log()).containsExactly("connecting", "open", "waiting", "closed");
    assertThat(browser.executeScript("return timers.size")).isEqualTo(0L);
  }

  @Test
  void serverThatTakesTheConnectionAndSaysNothing_isGivenUp_orAskedAgainWhenTheNetworkIsBack()
      throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(30_000);
      run("plug('ws://127.0.0.1:" + silent.getLocalPort() + "/')");
      try (Socket first = silent.accept()) {
        awaitRequest(first);
        run("window.dispatchEvent(new Event('online'))");
        try (Socket second = silent.accept()) {
          awaitRequest(second);
          assertThat(log()).containsExactly("connecting", "connecting");
          run("pass(34999)");
          assertThat(log()).hasSize(2);
          run("pass(1)");
          assertThat(log().getLast()).startsWith("waiting 1006");
        }
      }
      run("socket.close()");
    }
  }

  private static void awaitRequest(Socket socket) throws Exception {
    socket.setSoTimeout(30_000);
    byte[] start = socket.getInputStream().readNBytes(4);
    assertThat(new String(start, StandardCharsets.UTF_8)).isEqualTo("GET ");
  }

  /** How many listeners window and document have, as the browser itself counts them. */
  private long listeners() {
    return listeners("window") + listeners("document");
  }

  private long listeners(String of) {
    Map<String, Object> found =
        browser.executeCdpCommand("Runtime.evaluate", Map.of("expression", of));
    Object objectId = ((Map<?, ?>) found.get("result")).get("objectId");
    return ((List<?>)
            browser
                .executeCdpCommand("DOMDebugger.getEventListeners", Map.of("objectId", objectId))
                .get("listeners"))
        .size();
  }
}
