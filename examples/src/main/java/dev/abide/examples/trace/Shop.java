package dev.abide.examples.trace;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;

/** Three kinds of objects that call each other, each with a span of its own in its turn. */
public final class Shop {
  private Shop() {}

  /** Somebody's order. */
  @DurableObject("order")
  public interface Order {
    /** Takes one from the shelf; how many are left there. */
    @Exposed
    long buy(String sku);
  }

  /** How many there are of something. */
  @DurableObject("shelf")
  public interface Shelf {
    /** Takes one. */
    long take();
  }

  /** What was sold. */
  @DurableObject("ledger")
  public interface Ledger {
    /** Counts a sale; nobody waits for it. */
    @OneWay
    void sold(String sku);
  }

  /** Calls the shelf. */
  public record OrderObject(ObjectContext context, Tracer tracer) implements Order {
    @Override
    public long buy(String sku) {
      Span span = tracer.spanBuilder("order.buy").startSpan();
      try (var _ = span.makeCurrent()) {
        return context.get(Shelf.class, sku).take();
      } finally {
        span.end();
      }
    }
  }

  /** Tells the ledger. */
  public static final class ShelfObject implements Shelf {
    private final ObjectContext context;
    private final Tracer tracer;
    private final Cell<Long> left;

    /** A shelf with a hundred. */
    public ShelfObject(ObjectContext context, Tracer tracer) {
      this.context = context;
      this.tracer = tracer;
      this.left = context.storage().cell("left", Long.class, 100L);
    }

    @Override
    public long take() {
      Span span = tracer.spanBuilder("shelf.take").startSpan();
      try (var _ = span.makeCurrent()) {
        context.get(Ledger.class, "ledger").sold(context.id());
        return left.update(n -> n - 1);
      } finally {
        span.end();
      }
    }
  }

  /** Counts. */
  public static final class LedgerObject implements Ledger {
    private final Tracer tracer;
    private final StoredMap<String, Long> sold;

    /** An empty one. */
    public LedgerObject(ObjectContext context, Tracer tracer) {
      this.tracer = tracer;
      this.sold = context.storage().map("sold", String.class, Long.class);
    }

    @Override
    public void sold(String sku) {
      Span span = tracer.spanBuilder("ledger.sold").startSpan();
      try (var _ = span.makeCurrent()) {
        sold.merge(sku, 1L, Long::sum);
      } finally {
        span.end();
      }
    }
  }
}
