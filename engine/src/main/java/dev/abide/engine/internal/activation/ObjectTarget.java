package dev.abide.engine.internal.activation;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.StageCall;
import dev.abide.engine.spi.Target;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The object behind a stub. */
final class ObjectTarget extends Target {
  final Engine engine;
  final HostedType<?> type;
  final String id;

  ObjectTarget(Engine engine, HostedType<?> type, String id) {
    this.engine = engine;
    this.type = type;
    this.id = id;
  }

  @Override
  protected Turn find() {
    return activation();
  }

  Activation activation() {
    Activation known = type.activations().get(id);
    if (known != null) {
      return known;
    }
    return type.activations().computeIfAbsent(id, absent -> new Activation(engine, type, absent));
  }

  @Override
  protected String type() {
    return type.name();
  }

  @Override
  protected String id() {
    return id;
  }

  @Override
  protected void queue(Call call) throws Throwable {
    Calls.call(this, call);
  }

  @Override
  protected CompletionStage<?> stage(StageCall call) {
    return Calls.stage(this, call);
  }

  @Override
  protected void send(Call call) {
    Calls.send(this, call);
  }

  @Override
  protected void await(long commit) {
    try {
      // The other half of what was seen lies on the thread, see Activation.end().
      engine.gate.await(TurnStack.current().durableGate, Math.abs(commit), commit < 0);
    } catch (StorageException failed) {
      throw Access.get().cross(failed);
    }
  }

  @Override
  protected <S> S checked(S value, String what) {
    return engine.checked(value, what);
  }

  @Override
  protected boolean sameEngine(Target other) {
    return other instanceof ObjectTarget that && that.engine == engine;
  }

  @Override
  protected @Nullable RuntimeException refusal(MethodDescriptor method) {
    return Calls.refusal(this, method);
  }
}
