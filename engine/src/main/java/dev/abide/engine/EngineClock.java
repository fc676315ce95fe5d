package dev.abide.engine;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The engine's time: instants of the calendar, and a count for idle times, bounds and deadlines.
 */
public interface EngineClock extends InstantSource {
  /** Nanoseconds from an arbitrary origin; never goes back. */
  long nanoTime();

  /** The machine's own clock. */
  static EngineClock system() {
    return SystemClock.INSTANCE;
  }

  /** The machine's own clock. */
  enum SystemClock implements EngineClock {
    /** The only one. */
    INSTANCE;

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }
  }
}
