package dev.abide.engine.testing;

import dev.abide.engine.Abide;
import dev.abide.engine.EngineClock;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A clock that stands until it is moved. Works with {@code Abide.open} and {@code Abide.inMemory}:
 * give it to the options, and {@link #drive} the engine that was opened.
 *
 * <p>Threading: safe for all threads; move it from one.
 */
public final class ManualClock implements EngineClock {
  private final List<Engine> engines = new CopyOnWriteArrayList<>();
  private volatile Instant now;
  private volatile long nanos;

  /** A clock that stands at the beginning of 2026, UTC. */
  public ManualClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock that stands at this instant. */
  public ManualClock(Instant start) {
    now = start;
  }

  /** Lets {@link #advance} return only when this engine has done what fell due. */
  public void drive(Abide abide) {
    drive(Access.get().engine(abide));
  }

  void drive(Engine engine) {
    engines.add(engine);
  }

  void release(Engine engine) {
    engines.remove(engine);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  /**
   * Moves the clock in one step, and returns when all that fell due in the driven engines has run,
   * and what alarms among it set for now. A schedule that fell due several times goes off once: the
   * times between were missed.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public synchronized void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a clock cannot be advanced by " + duration);
    }
    // Once before, so that what was used before this instant is known to have been.
    engines.forEach(Engine::scan);
    now = now.plus(duration);
    nanos = nanos + duration.toNanos();
    engines.forEach(Engine::scan);
    engines.forEach(Engine::settleAlarms);
  }
}
