package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.Abide;
import dev.abide.engine.DirectoryInUseException;
import dev.abide.undertow.UndertowEdge;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class ShopApplicationTest {
  @TempDir Path data;

  private ConfigurableApplicationContext start(String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "--shop.data=" + data;
    args[1] = "--shop.port=0";
    System.arraycopy(more, 0, args, 2, more.length);
    return SpringApplication.run(ShopApplication.class, args);
  }

  @Test
  void objectUsesABean_andItsStateOutlivesTheContext() {
    try (ConfigurableApplicationContext first = start()) {
      Basket basket = first.getBean(Abide.class).get(Basket.class, "ann");
      basket.put("tea", 2);
      basket.put("cup", 1);
      assertThat(basket.cents()).isEqualTo(1_900);
      assertThatThrownBy(() -> basket.put("moon", 1)).hasMessage("there is no price for moon");
    }

    try (ConfigurableApplicationContext second = start("--shop.prices.tea=400")) {
      assertThat(second.getBean(Abide.class).get(Basket.class, "ann").cents())
          .as("what is stored is there again, and the bean is the new context's")
          .isEqualTo(2_000);
    }
  }

  @Test
  void contextThatCloses_closesEdgeAndEngine() throws Exception {
    HttpRequest put;
    Abide abide;
    try (HttpClient client = HttpClient.newHttpClient()) {
      try (ConfigurableApplicationContext context = start()) {
        abide = context.getBean(Abide.class);
        int port = context.getBean(UndertowEdge.class).port();
        put =
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + port + "/objects/basket/bob/put"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"sku\":\"tea\",\"quantity\":3}"))
                .build();
        assertThat(client.send(put, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("3");
        assertThatThrownBy(() -> Abide.open(data, options -> {}))
            .as("one owner of a directory")
            .isInstanceOf(DirectoryInUseException.class);
      }

      assertThat(abide.ready()).isFalse();
      assertThatThrownBy(() -> client.send(put, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(ConnectException.class);
    }
    try (Abide again =
        Abide.open(
            data,
            options ->
                options.host(
                    Basket.class,
                    context ->
                        new Basket.BasketObject(context, new Prices(java.util.Map.of("tea", 1L)))))) {
      assertThat(again.get(Basket.class, "bob").cents()).isEqualTo(3);
    }
  }
}
