package dev.abide.engine.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method that returns a stage. Its turn ends when the method returns; the call ends
 * when the stage completes, or when the object lets go of it: it is settled then, once.
 *
 * <p>States and their successors: OPEN (queued, running, or its stage has not completed): SETTLING;
 * SETTLING (the outcome is being written): SETTLED; SETTLED: none.
 */
public abstract class StageCall extends Call {
  private static final int OPEN = 0;
  private static final int SETTLING = 1;
  private static final int SETTLED = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(StageCall.class, "stageState", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused")
  private volatile int stageState;

  /** Written by the runner before the turn is done. */
  private @Nullable CompletionStage<?> stage;

  /** Written before SETTLED is published. */
  private @Nullable Object value;

  /** For generated code. */
  protected StageCall(MethodDescriptor method) {
    super(method);
  }

  /** Calls the method on the instance. Runs in the object's turn. */
  protected abstract CompletionStage<?> begin(Turn turn, Object instance) throws Throwable;

  /** Checks and copies what the stage has completed with. */
  protected abstract @Nullable Object settled(StubCheck check, @Nullable Object value);

  @Override
  protected final void run(Turn turn, Object instance) throws Throwable {
    stage = begin(turn, instance);
  }

  @Override
  protected final @Nullable Object boxedResult() {
    return value;
  }

  /** For the engine: {@link #settled}. */
  public final @Nullable Object copied(StubCheck check, @Nullable Object completedWith) {
    return settled(check, completedWith);
  }

  /** What the method returned, or null: it has not, or its turn failed. */
  public final @Nullable CompletionStage<?> stage() {
    return stage;
  }

  /** The turn failed after the method had returned: that is the outcome. By the runner. */
  public final void forgetStage() {
    stage = null;
  }

  /**
   * Ends the call, unless it has ended.
   *
   * @param durable what the outcome depends on: this has to be durable
   * @param writes and this written
   * @return whether this did
   */
  public final boolean settle(
      @Nullable Object result, @Nullable Throwable thrown, long durable, long writes) {
    if (!STATE.compareAndSet(this, OPEN, SETTLING)) {
      return false;
    }
    value = result;
    failure = thrown;
    commit = Math.max(commit, durable);
    written = Math.max(written, writes);
    effects = true;
    more = true;
    stageState = SETTLED;
    tell();
    return true;
  }

  /** Whether its outcome may be read. */
  public final boolean settled() {
    return stageState == SETTLED;
  }
}
