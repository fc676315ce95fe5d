package dev.abide.engine.internal.journal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How far an open has come that takes long, in words. Who works at it says so again and again,
 * which costs a look at the clock; what is said first after some seconds is told, and so on.
 *
 * <p>Threading: any.
 */
public final class Progress {
  /** Tells nobody. */
  public static final Progress NONE = new Progress(what -> {}, Duration.ofNanos(Long.MAX_VALUE));

  private final Consumer<String> told;
  private final long eachNanos;
  private final long start = System.nanoTime();
  private final AtomicLong last = new AtomicLong(start);

  /**
   * Begins to count the time.
   *
   * @param each so long nothing is told, and again after each that was
   */
  public Progress(Consumer<String> told, Duration each) {
    this.told = told;
    this.eachNanos = each.toNanos();
  }

  /** Says how far it is; the words are asked for only where they are told. */
  public void at(Supplier<String> what) {
    long now = System.nanoTime();
    long before = last.get();
    if (now - before >= eachNanos && last.compareAndSet(before, now)) {
      told.accept(
          "%s, after %d s".formatted(what.get(), TimeUnit.NANOSECONDS.toSeconds(now - start)));
    }
  }
}
