package dev.abide.examples.cart;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import java.util.List;

/** What a customer is about to buy. */
@DurableObject("cart")
public interface Cart {
  /** One line of the cart. */
  record Line(String sku, int quantity) {}

  /** The cart holds as many different things as it may. */
  final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    /** The cart holds so many. */
    public FullException(int lines) {
      super("the cart has " + lines + " lines, as many as a cart may have");
    }
  }

  /** Adds so many, and says how many there are now. */
  @Exposed
  int add(String sku, int quantity) throws FullException;

  /** Takes the thing out altogether; whether it was there. */
  @Exposed
  boolean remove(String sku);

  /** The lines in the order of their numbers. */
  @Exposed
  @ReadOnly
  List<Line> lines();

  /** Empties the cart and says what was in it. */
  @Exposed
  List<Line> checkout();

  /** The implementation. */
  final class CartObject implements Cart {
    private static final int LINES_MAX = 100;

    private final StoredMap<String, Integer> quantities;

    public CartObject(ObjectContext context) {
      quantities = context.storage().map("quantities", String.class, Integer.class);
    }

    @Override
    public int add(String sku, int quantity) throws FullException {
      if (sku.isEmpty() || quantity < 1) {
        throw new IllegalArgumentException(
            "\"" + sku + "\" x " + quantity + " cannot be added; it takes a number and 1 or more");
      }
      int now = quantities.merge(sku, quantity, Math::addExact);
      if (now == quantity && quantities.keys().size() > LINES_MAX) {
        // A turn that throws keeps nothing of what it wrote.
        throw new FullException(LINES_MAX);
      }
      return now;
    }

    @Override
    public boolean remove(String sku) {
      return quantities.remove(sku);
    }

    @Override
    public List<Line> lines() {
      return quantities.entries().stream()
          .map(entry -> new Line(entry.getKey(), entry.getValue()))
          .toList();
    }

    @Override
    public List<Line> checkout() {
      List<Line> bought = lines();
      quantities.clear();
      return bought;
    }
  }
}
