package dev.abide.engine.internal.activation;

import dev.abide.engine.OverloadedException;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.spi.StageCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The stages of one instance that are open. */
final class Stages {
  private final Activation activation;
  private final Runnable changed;
  private final Set<OpenStage> open = ConcurrentHashMap.newKeySet();

  /** What completed in the running turn. In turns of the object only. */
  private final List<Consumer<Seen>> held = new ArrayList<>();

  /**
   * @param changed told when a stage has ended
   */
  Stages(Activation activation, Runnable changed) {
    this.activation = activation;
    this.changed = changed;
  }

  /** Before a method runs that returns one. */
  void requireRoom() {
    if (open.size() >= activation.type.mailboxMax()) {
      activation.engine.meter.met(Limit.STAGES);
      throw new OverloadedException(
          activation
              + " has "
              + activation.type.mailboxMax()
              + " open stages, as many as mailboxMax allows; let some complete first, or spread the"
              + " work over more objects",
          Duration.ofMillis(100));
    }
  }

  /** A turn has returned a stage. As the owner, before the object is free. */
  OpenStage add(StageCall call) {
    OpenStage stage = new OpenStage(activation, this, call);
    open.add(stage);
    activation.engine.stages.incrementAndGet();
    return stage;
  }

  void remove(OpenStage stage) {
    if (open.remove(stage)) {
      activation.engine.stages.decrementAndGet();
      changed.run();
    }
  }

  /** Whether there is one. From any thread. */
  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Whether there is one with a deadline. From any thread. */
  boolean timed() {
    for (OpenStage stage : open) {
      if (stage.timed()) {
        return true;
      }
    }
    return false;
  }

  /** One has completed in a turn of the object, and has to wait for its end. In that turn. */
  void hold(Consumer<Seen> outcome) {
    held.add(outcome);
  }

  /** The turn has ended, and has seen this. */
  void release(Seen seen) {
    if (!held.isEmpty()) {
      List<Consumer<Seen>> completed = List.copyOf(held);
      held.clear();
      completed.forEach(outcome -> outcome.accept(seen));
    }
  }

  /** Ends all. From any thread. */
  void end(Letting why) {
    open.forEach(stage -> stage.end(why));
  }

  /** Ends those whose deadline has passed. For the scanner. */
  void expire(long now) {
    open.forEach(stage -> stage.expire(now));
  }
}
