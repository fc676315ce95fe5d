package shop;

import dev.abide.engine.Abide;
import dev.abide.undertow.UndertowEdge;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
@ConfigurationPropertiesScan
public class ShopApplication {
  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args);
  }

  /** One engine for the application. Spring closes it, since it has a {@code close}. */
  @Bean
  Abide abide(@Value("${shop.data}") Path data, Prices prices) {
    return Abide.open(
        data,
        options ->
            options.host(Basket.class, context -> new Basket.BasketObject(context, prices)));
  }

  /** Asks for the engine, and so is closed before it: requests end first, then turns. */
  @Bean
  UndertowEdge edge(Abide abide, @Value("${shop.port}") int port) {
    return UndertowEdge.open(abide, options -> options.bind("127.0.0.1", port));
  }
}
