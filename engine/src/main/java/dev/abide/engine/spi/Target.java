package dev.abide.engine.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The object that a stub speaks to, as the engine sees it. For generated stubs to pass on. */
public abstract class Target implements StubCheck {
  /** For the engine. */
  protected Target() {}

  /** The object's activation if there is one. It may have retired since. */
  protected abstract @Nullable Turn known();

  /**
   * The object's activation: looked up, or made without waking anything. Never null, but it may
   * have retired since.
   */
  protected abstract Turn find();

  /** The name of the type. */
  protected abstract String type();

  /** The object's id. */
  protected abstract String id();

  /** Queues a two-way call, waits for its turn and for the gate, and throws what it ended with. */
  protected abstract void queue(Call call) throws Throwable;

  /** Queues a call whose result comes later; what Abide refuses comes with it. */
  protected abstract CompletionStage<?> stage(StageCall call);

  /** Accepts a one-way call. */
  protected abstract void send(Call call);

  /** Waits until this commit is durable; see {@link Turn#end} for a negative one. */
  protected abstract void await(long commit);

  /** The value, if it is a stub of this engine. */
  protected abstract <S> S checked(S value, String what);

  /** For generated code, which hands the target to copiers. */
  @Override
  public final <S> S stub(S value, String what) {
    return checked(value, what);
  }

  /** Whether the two belong to the same engine. */
  protected abstract boolean sameEngine(Target other);

  /**
   * What the stub's first check found wrong: an interrupted thread, or a call that its turn may not
   * make.
   */
  protected abstract @Nullable RuntimeException refusal(MethodDescriptor method);
}
