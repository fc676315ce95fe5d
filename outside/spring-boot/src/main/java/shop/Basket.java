package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;

/** What somebody is about to buy. */
@DurableObject("basket")
public interface Basket {
  @Exposed
  int put(String sku, int quantity);

  @Exposed
  @ReadOnly
  long cents();

  /** Beside its context it is given beans, as any other class of the application is. */
  final class BasketObject implements Basket {
    private final StoredMap<String, Integer> lines;
    private final Prices prices;

    public BasketObject(ObjectContext context, Prices prices) {
      lines = context.storage().map("lines", String.class, Integer.class);
      this.prices = prices;
    }

    @Override
    public int put(String sku, int quantity) {
      prices.centsOf(sku); // what has no price cannot be bought
      return lines.merge(sku, quantity, Math::addExact);
    }

    @Override
    public long cents() {
      return lines.entries().stream()
          .mapToLong(line -> prices.centsOf(line.getKey()) * line.getValue())
          .sum();
    }
  }
}
