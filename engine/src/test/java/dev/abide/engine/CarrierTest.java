package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.LaterObject;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.testing.ManualClock;
import dev.abide.engine.testing.TestSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What hangs on callers' threads goes into turns, wherever these run. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@Timeout(60)
final class CarrierTest {
  private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

  @Parameter boolean inline;

  private final Queue<String> scopes = new ConcurrentLinkedQueue<>();
  private final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  private final ManualClock clock = new ManualClock();
  private volatile String refuses = "";
  private Abide abide;

  /** Carries {@link #TENANT}, and keeps a record. */
  private final class Carrier implements ContextCarrier<String> {
    private final String name;

    Carrier(String name) {
      this.name = name;
    }

    @Override
    public String capture() {
      if (refuses.equals("capture " + name)) {
        throw new IllegalStateException(refuses);
      }
      return TENANT.get();
    }

    @Override
    public Scope restore(String captured) {
      if (refuses.equals("restore " + name)) {
        throw new IllegalStateException(refuses);
      }
      String before = TENANT.get();
      TENANT.set(captured);
      scopes.add("open " + name);
      return () -> {
        TENANT.set(before);
        scopes.add("close " + name);
        if (refuses.equals("close " + name)) {
          throw new IllegalStateException(refuses);
        }
      };
    }
  }

  @BeforeEach
  void open() {
    abide =
        Engines.inMemory(options ->
            options
                .host(Script.class, ScriptObject::new)
                .host(Later.class, LaterObject::new)
                .host(Living.class, LivingObject::new)
                .host(Lobby.class, LobbyObject::new)
                .inline(inline)
                .clock(clock)
                .onReport(reports::add)
                .carry(new Carrier("a"))
                .carry(new Carrier("b")));
    clock.drive(abide);
    TENANT.set("acme");
  }

  @AfterEach
  void close() {
    TENANT.remove();
    refuses = "";
    abide.close();
  }

  private Script script(String id) {
    return abide.get(Script.class, id);
  }

  private static String tenant() {
    return String.valueOf(TENANT.get());
  }

  @Test
  void calls_carryIt_throughAChain_andLeaveNothingBehind() throws Exception {
    String seen =
        script("a")
            .run((context, self) ->
                tenant() + " " + context.get(Script.class, "b").run((inner, other) -> tenant()));
    TENANT.remove();

    assertThat(seen).isEqualTo("acme acme");
    assertThat(script("a").run((context, self) -> tenant())).isEqualTo("null");
    assertThat(TENANT.get()).isNull();
  }

  @Test
  void oneWayCalls_andStages_carryIt() throws Exception {
    CompletableFuture<String> oneWay = new CompletableFuture<>();
    script("a").send((context, self) -> "" + oneWay.complete(tenant()));
    CompletableFuture<String> stage =
        abide
            .get(Later.class, "a")
            .run((context, self) -> CompletableFuture.completedFuture(tenant()))
            .toCompletableFuture();

    assertThat(oneWay.get()).isEqualTo("acme");
    assertThat(stage.get()).isEqualTo("acme");
  }

  @Test
  void backgroundWork_hasWhatItsTurnHad_andTheTurnsThatItEntersToo() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    script("a")
        .run((context, self) -> {
          context.background(
              () -> seen.complete(tenant() + " " + context.enter(CarrierTest::tenant)));
          return "";
        });
    TENANT.remove();

    assertThat(seen.get()).isEqualTo("acme acme");
  }

  @Test
  void alarms_beginWithNothing() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    LivingObject.HOOKS.put("alarm/carried", (context, self) -> "" + seen.complete(tenant()));
    abide
        .get(Living.class, "carried")
        .run((context, self) -> {
          context.alarms().set("soon", Duration.ofSeconds(1));
          return "";
        });
    clock.advance(Duration.ofSeconds(2));

    assertThat(seen.get()).isEqualTo("null");
  }

  @Test
  void scopes_areClosedInReverse_alsoWhenTheTurnThrows() throws Exception {
    script("a")
        .send((context, self) -> {
          throw new IllegalArgumentException("no");
        });
    abide.awaitDurable();

    assertThat(scopes).containsExactly("open a", "open b", "close b", "close a");
  }

  @Test
  void captureThatThrows_leavesTheCall_whichWasNotMade() throws Exception {
    // Busy, so that the call would be queued.
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    script("a")
        .send((context, self) -> {
          begun.countDown();
          go.await();
          return "";
        });
    begun.await();
    refuses = "capture b";
    assertThatThrownBy(() -> script("a").run((context, self) -> self.memory = "ran"))
        .hasMessage("capture b");
    assertThatThrownBy(() -> script("a").send((context, self) -> self.memory = "ran"))
        .hasMessage("capture b");
    refuses = "";
    go.countDown();

    assertThat(script("a").run((context, self) -> self.memory)).isEmpty();
    abide.awaitDurable();
  }

  @Test
  void restoreOrCloseThatThrows_failsTheTurn_andClosesTheOthers() throws Exception {
    for (String refused : List.of("restore b", "close b")) {
      scopes.clear();
      refuses = refused;
      CompletableFuture<String> stage =
          abide
              .get(Later.class, "a")
              .run((context, self) -> {
                self.number.set(1L);
                return CompletableFuture.completedFuture("");
              })
              .toCompletableFuture();
      assertThatThrownBy(stage::get).hasMessageContaining(refused);
      refuses = "";

      assertThat(scopes).startsWith("open a").endsWith("close a");
      assertThat(abide.get(Later.class, "a").turn((context, self) -> "" + self.number.get()))
          .isEqualTo("0");
    }
  }

  @Test
  void constructorAndOnWake_haveWhatTheCallThatWokeCarries() throws Exception {
    String id = "woken-" + inline;
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    LivingObject.HOOKS.put("construct/" + id, (context, self) -> "" + seen.add(tenant()));
    LivingObject.HOOKS.put("wake/" + id, (context, self) -> "" + seen.add(tenant()));

    assertThat(abide.get(Living.class, id).run((context, self) -> tenant())).isEqualTo("acme");
    assertThat(seen).containsExactly("acme", "acme");
  }

  @Test
  void callsThroughTheDoor_carryIt() throws Exception {
    CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
    Door door = Door.of(abide);
    MethodDescriptor nothing =
        Objects.requireNonNull(door.descriptor("later")).methods().stream()
            .filter(method -> method.name().equals("nothing"))
            .findFirst()
            .orElseThrow();
    door.call(
        "later",
        "a",
        nothing,
        new Object[0],
        null,
        null,
        new Door.Answer() {
          @Override
          public void value(@Nullable Object value) {
            answer.complete(value);
          }

          @Override
          public void failure(Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });

    assertThat(answer.get()).isNull();
    assertThat(scopes).containsExactly("open a", "open b", "close b", "close a");
  }

  @Test
  void clients_carryItWhereTheyPlugIn_andTheirMessagesBeginWithNothing() throws Exception {
    String id = "lobby-" + inline;
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    LobbyObject.BEHAVIOURS.put(
        id,
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            seen.add("open " + tenant());
          }

          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text) {
            seen.add("text " + tenant());
            socket.send(text);
          }
        });
    try (TestSocket client = TestSocket.connect(abide, Lobby.class, id)) {
      client.send("a");
      assertThat(client.next()).isEqualTo("a");
    }

    assertThat(seen).containsExactly("open acme", "text null");
  }
}
