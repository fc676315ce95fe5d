package shop;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** A bean that objects use. They call it from many threads at once, so it has to bear that. */
@ConfigurationProperties("shop")
public record Prices(Map<String, Long> prices) {
  long centsOf(String sku) {
    Long cents = prices.get(sku);
    if (cents == null) {
      throw new IllegalArgumentException("there is no price for " + sku);
    }
    return cents;
  }
}
