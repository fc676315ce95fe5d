package dev.abide.examples.cart;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a customer is about to buy. */
@DurableObject("cart")
public interface Cart {
  /** One line of the cart; numbers stand for the parts on disk, so the parts may be renamed. */
  @Stored
  record Line(
      @StoredAs(1) String sku,
      @StoredAs(2) int quantity,
      @StoredAs(3) Instant since,
      @StoredAs(4) Optional<String> note) {

    Line plus(Line more) {
      return new Line(sku, Math.addExact(quantity, more.quantity), since, note);
    }

    Line with(String text) {
      return new Line(sku, quantity, since, Optional.of(text));
    }
  }

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

  /** Writes a note beside a thing, for whoever packs it; whether it was there. */
  @Exposed
  boolean note(String sku, String note);

  /** Takes the thing out altogether; whether it was there. */
  @Exposed
  boolean remove(String sku);

  /** The lines in the order of their article numbers. */
  @Exposed
  @ReadOnly
  List<Line> lines();

  /** Empties the cart and says what was in it. */
  @Exposed
  List<Line> checkout();

  /** The implementation. */
  final class CartObject implements Cart {
    private static final int LINES_MAX = 100;

    private final ObjectContext context;
    private final StoredMap<String, Line> lines;

    public CartObject(ObjectContext context) {
      this.context = context;
      lines = context.storage().map("lines", String.class, Line.class);
    }

    @Override
    public int add(String sku, int quantity) throws FullException {
      if (sku.isEmpty() || quantity < 1) {
        throw new IllegalArgumentException(
            "\"" + sku + "\" x " + quantity + " cannot be added; it takes a number and 1 or more");
      }
      Line more = new Line(sku, quantity, context.clock().instant(), Optional.empty());
      Line now = lines.merge(sku, more, Line::plus);
      if (now.equals(more) && lines.keys().size() > LINES_MAX) {
        // A turn that throws keeps nothing of what it wrote.
        throw new FullException(LINES_MAX);
      }
      return now.quantity();
    }

    @Override
    public boolean note(String sku, String note) {
      Optional<Line> line = lines.find(sku);
      line.ifPresent(found -> lines.put(sku, found.with(note)));
      return line.isPresent();
    }

    @Override
    public boolean remove(String sku) {
      return lines.remove(sku);
    }

    @Override
    public List<Line> lines() {
      return lines.values();
    }

    @Override
    public List<Line> checkout() {
      List<Line> bought = lines();
      lines.clear();
      return bought;
    }
  }
}
