package dev.abide.engine.internal.activation;

import dev.abide.engine.ContextCarrier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What travels with calls besides their arguments. An engine that carries nothing has none of
 * these, and its calls cost one look at a final field.
 */
final class Carriers {
  private final List<ContextCarrier<Object>> carriers;

  private Carriers(List<ContextCarrier<Object>> carriers) {
    this.carriers = carriers;
  }

  /** Null if there is nothing to carry. */
  @SuppressWarnings("unchecked") // each is given what it has captured itself, null too
  static @Nullable Carriers of(List<ContextCarrier<?>> carriers) {
    return carriers.isEmpty()
        ? null
        : new Carriers(carriers.stream().map(each -> (ContextCarrier<Object>) each).toList());
  }

  /** What is current on the calling thread; null where the engine carries nothing. */
  static Object @Nullable [] capture(Engine engine) {
    Carriers all = engine.carriers;
    return all == null ? null : all.captured();
  }

  private Object[] captured() {
    Object[] captured = new Object[carriers.size()];
    for (int place = 0; place < captured.length; place++) {
      captured[place] = carriers.get(place).capture();
    }
    return captured;
  }

  /** Makes it current again; null if nothing was carried. */
  static @Nullable Restored restore(Engine engine, Object @Nullable [] captured) {
    return captured == null ? null : Objects.requireNonNull(engine.carriers).restored(captured);
  }

  private Restored restored(Object[] captured) {
    Restored restored = new Restored();
    try {
      for (int place = 0; place < captured.length; place++) {
        restored.scopes.push(
            Objects.requireNonNull(
                carriers.get(place).restore(captured[place]),
                "a ContextCarrier returned null instead of a scope"));
      }
      return restored;
    } catch (Throwable failure) {
      try {
        restored.close();
      } catch (Throwable another) {
        failure.addSuppressed(another);
      }
      throw failure;
    }
  }

  /** What is current until it is closed, whatever single scopes throw. */
  static final class Restored implements AutoCloseable {
    private final Deque<ContextCarrier.Scope> scopes = new ArrayDeque<>();

    private Restored() {}

    @Override
    public void close() {
      Throwable failure = null;
      while (!scopes.isEmpty()) {
        try {
          scopes.pop().close();
        } catch (Throwable thrown) {
          if (failure == null) {
            failure = thrown;
          } else {
            failure.addSuppressed(thrown);
          }
        }
      }
      if (failure != null) {
        throw Engine.<RuntimeException>sneaky(failure);
      }
    }
  }
}
