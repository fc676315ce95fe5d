package dev.abide.engine.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The least engine that generated code runs on: one object, one thread, nothing durable. */
final class LoneTarget extends Target {
  final Object instance;
  final LoneTurn turn = new LoneTurn();

  /** What happened, in order. */
  final List<String> events = new ArrayList<>();

  long commit;

  LoneTarget(Object instance) {
    this.instance = instance;
  }

  @Override
  protected @Nullable Turn known() {
    return null;
  }

  @Override
  protected Turn find() {
    return turn;
  }

  @Override
  protected String type() {
    return "shop";
  }

  @Override
  protected String id() {
    return "corner";
  }

  @Override
  protected void queue(Call call) throws Throwable {
    events.add("queue " + call.method().name());
    call.run(turn, instance);
  }

  @Override
  protected CompletionStage<?> stage(StageCall call) {
    events.add("stage " + call.method().name());
    CompletableFuture<Object> future = new CompletableFuture<>();
    try {
      call.run(turn, instance);
      Objects.requireNonNull(call.stage())
          .whenComplete((value, failure) -> future.complete(call.copied(turn, value)));
    } catch (Throwable failure) {
      future.completeExceptionally(failure);
    }
    return future;
  }

  @Override
  protected void send(Call call) {
    events.add("send " + call.method().name());
  }

  @Override
  protected void await(long commit) {
    events.add("await " + commit);
  }

  @Override
  protected <S> S checked(S value, String what) {
    if (!(value instanceof Stub)) {
      throw new IllegalArgumentException(what + " is not a stub");
    }
    return value;
  }

  @Override
  protected boolean sameEngine(Target other) {
    return true;
  }

  @Override
  protected @Nullable RuntimeException refusal(MethodDescriptor method) {
    return null;
  }

  final class LoneTurn extends Turn {
    private boolean taken;

    LoneTurn() {
      super(false);
      markAwake();
    }

    void busy(boolean busy) {
      if (busy) {
        markAsleep();
      } else {
        markAwake();
      }
    }

    @Override
    public Object begin(MethodDescriptor method) {
      taken = true;
      stack.push(this);
      return instance;
    }

    @Override
    public long end() {
      stack.depth = depth;
      free();
      return commit;
    }

    @Override
    public RuntimeException failed(Throwable failure) {
      events.add("failed at depth " + stack.depth + " in phase " + phase);
      phase = KEPT;
      free();
      throw LoneTarget.<RuntimeException>sneak(failure);
    }

    private void free() {
      if (taken) {
        taken = false;
        release();
      }
    }

    @Override
    public <S> S stub(S value, String what) {
      return checked(value, what);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
    throw (X) failure;
  }
}
