package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Abide;
import dev.abide.engine.ObjectContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Methods whose results come later, over HTTP. */
class StageEdgeTest {
  /** Bakes. */
  @DurableObject("oven")
  interface Oven {
    /** A loaf as JSON. */
    record Loaf(String flour, int grams) {}

    /** Refused by the method. */
    final class BurntException extends Exception {
      private static final long serialVersionUID = 1;

      BurntException() {
        super("the loaf is burnt");
      }
    }

    @Exposed
    CompletionStage<List<Loaf>> bake(int count) throws BurntException;

    @Exposed
    @ReadOnly
    CompletionStage<Void> ready();

    /** Never done. */
    @Exposed
    CompletionStage<String> rest();
  }

  record OvenObject(ObjectContext context) implements Oven {
    @Override
    public CompletionStage<List<Loaf>> bake(int count) {
      CompletableFuture<List<Loaf>> loaves = new CompletableFuture<>();
      context.background(() -> {
        if (count == 0) {
          loaves.completeExceptionally(new BurntException());
        } else {
          loaves.complete(List.of(new Loaf("rye", count)));
        }
      });
      return loaves;
    }

    @Override
    public CompletionStage<Void> ready() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<String> rest() {
      return new CompletableFuture<>();
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Abide abide = Abide.inMemory(options -> options.host(Oven.class, OvenObject::new));
  private final UndertowEdge edge =
      UndertowEdge.open(
          abide, options -> options.bind("127.0.0.1", 0).callTimeout(Duration.ofMillis(300)));

  @AfterEach
  void close() {
    edge.close();
    abide.close();
    client.close();
  }

  private HttpResponse<String> send(String method, String verb, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + edge.port() + "/objects/oven/a/" + method))
            .header("Content-Type", "application/json")
            .method(verb, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void stage_isAnsweredWithWhatItCompletesWith() throws Exception {
    HttpResponse<String> baked = send("bake", "POST", "{\"count\":3}");

    assertThat(baked.statusCode()).isEqualTo(200);
    assertThat(baked.body()).isEqualTo("[{\"flour\":\"rye\",\"grams\":3}]");
  }

  @Test
  void stageOfNothing_is204_byPostAndByGet() throws Exception {
    assertThat(send("ready", "POST", "").statusCode()).isEqualTo(204);
    assertThat(send("ready", "GET", "").statusCode()).isEqualTo(204);
  }

  @Test
  void stageThatFails_withADeclaredException_is422() throws Exception {
    HttpResponse<String> burnt = send("bake", "POST", "{\"count\":0}");

    assertThat(burnt.statusCode()).isEqualTo(422);
    assertThat(burnt.body()).contains("the loaf is burnt");
  }

  @Test
  void stageThatIsNotComplete_whenTheClientHasWaitedLongEnough_is504() throws Exception {
    HttpResponse<String> late = send("rest", "POST", "");

    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.body()).contains("\"applied\":\"unknown\"");
  }
}
