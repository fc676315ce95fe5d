package dev.abide.engine.internal;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.engine.internal.activation.Engine;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the engine's own packages may do with public types and nobody else may. */
public abstract class Access {
  private static @Nullable Access instance;

  /** For {@link Abide}, once. */
  protected Access() {}

  /** For {@link Abide}, once. */
  public static void set(Access access) {
    instance = access;
  }

  /** The one there is. */
  public static Access get() {
    if (instance == null) {
      try {
        MethodHandles.lookup().ensureInitialized(Abide.class);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return Objects.requireNonNull(instance);
  }

  /** The engine behind an {@link Abide}. */
  public abstract Engine engine(Abide abide);

  /** An {@link Abide} in front of an engine. */
  public abstract Abide abide(Engine engine);

  /** Whether a stub has thrown the exception. */
  public abstract boolean crossed(AbideException exception);

  /** Marks an exception that a stub is about to throw. */
  public abstract <E extends AbideException> E cross(E exception);

  /** Says that it is not known what the call did, and that it may not be repeated. */
  public abstract void unsure(AbideException exception);
}
