package dev.abide.engine.internal.activation;

import dev.abide.engine.Calls;
import org.jspecify.annotations.Nullable;

/** A turn that background work asked for, on the instance that began the work. */
final class EnterTurn<R> extends EngineTurn {
  private final Context context;
  private final Calls<R, ?> calls;
  @Nullable R result;

  EnterTurn(Context context, Calls<R, ?> calls) {
    this.context = context;
    this.calls = calls;
  }

  @Override
  void run(Activation activation) throws Exception {
    // Behind a reset, a sleep or a deletion there may be another instance by now.
    context.requireAlive();
    result = calls.call();
  }
}
