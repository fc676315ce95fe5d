package dev.abide.examples.limiter;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.ObjectContext;
import java.time.Duration;

/** Lets so much pass in so much time: a bucket of permits that fills up again. */
@DurableObject("limiter")
public interface Limiter {
  /** How many permits the bucket holds. */
  int PERMITS = 10;

  /** How long it takes to fill when empty. */
  Duration PERIOD = Duration.ofSeconds(10);

  /**
   * An answer.
   *
   * @param allowed whether the permits were given
   * @param left how many are left
   * @param retryAfterMs how long to wait until as many will be there, if they were not
   */
  record Decision(boolean allowed, int left, long retryAfterMs) {}

  /** Takes so many permits, or none. */
  @Exposed
  Decision acquire(int permits);

  /** How many are left. */
  @Exposed
  @ReadOnly
  int left();

  /**
   * The implementation. Nothing is stored, and so nothing waits for the disk: an object that has
   * been idle for {@link #PERIOD} has a full bucket again, so it may forget it. Host it with an
   * idle timeout of {@link #PERIOD} for that. After a crash all buckets are full.
   */
  final class LimiterObject implements Limiter {
    private static final long NANOS_PER_PERMIT = PERIOD.toNanos() / PERMITS;

    private final ObjectContext context;

    /** When the bucket will be full: how far that lies ahead says how many permits are out. */
    private long fullAtNanos;

    public LimiterObject(ObjectContext context) {
      this.context = context;
      fullAtNanos = context.clock().nanoTime();
    }

    @Override
    public Decision acquire(int permits) {
      if (permits < 1 || permits > PERMITS) {
        throw new IllegalArgumentException(
            permits + " permits cannot be acquired at once; 1 to " + PERMITS + " can");
      }
      long now = context.clock().nanoTime();
      long full = Math.max(0, fullAtNanos - now) + permits * NANOS_PER_PERMIT;
      long tooMuch = full - PERIOD.toNanos();
      if (tooMuch > 0) {
        return new Decision(false, left(), Duration.ofNanos(tooMuch).plusNanos(999_999).toMillis());
      }
      fullAtNanos = now + full;
      return new Decision(true, left(), 0);
    }

    @Override
    public int left() {
      long full = Math.max(0, fullAtNanos - context.clock().nanoTime());
      return (int) ((PERIOD.toNanos() - full) / NANOS_PER_PERMIT);
    }
  }
}
