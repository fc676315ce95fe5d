package dev.abide.examples.trace;

import dev.abide.engine.ContextCarrier;
import io.opentelemetry.context.Context;

/**
 * Carries OpenTelemetry's context, with the current span in it, from callers into turns: {@code
 * options.carry(new OpenTelemetryCarrier())}. A context cannot be changed, so it may be shared by
 * threads.
 */
public final class OpenTelemetryCarrier implements ContextCarrier<Context> {
  @Override
  public Context capture() {
    return Context.current();
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // by whoever closes what is returned
  public Scope restore(Context captured) {
    io.opentelemetry.context.Scope current = captured.makeCurrent();
    return current::close;
  }
}
