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

  /* The activation that was there at the last look, or null. Racy on purpose, as in a stub. */
  private @Nullable Activation last;

  ObjectTarget(Engine engine, HostedType<?> type, String id) {
    this.engine = engine;
    this.type = type;
    this.id = id;
  }

  @Override
  protected @Nullable Turn known() {
    Activation known = type.activations().get(id);
    last = known;
    return known;
  }

  @Override
  protected Turn find() {
    return activation();
  }

  /** The object's activation, which is kept; see {@link #find}. */
  Activation activation() {
    Activation known = last;
    if (known == null || known.retired()) {
      known = look();
      last = known;
    }
    return known;
  }

  /**
   * The same, looked up. Not by the table's {@code get}: that becomes part of its caller's code,
   * with the vector instructions of a string's hash code, and makes whatever a call stands in
   * slower. This method of the table is too large for that. It takes a lock if the object is not
   * there, or is not the first in its place.
   */
  Activation look() {
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
