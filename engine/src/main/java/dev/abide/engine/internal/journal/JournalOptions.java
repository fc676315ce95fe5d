package dev.abide.engine.internal.journal;

import java.time.Duration;

/**
 * Bounds of a journal.
 *
 * @param unappliedBytesMax bytes of commits that are queued or not yet in the store; a single
 *     larger commit passes alone
 * @param appendWaitMax how long an append waits for room
 */
public record JournalOptions(long unappliedBytesMax, Duration appendWaitMax) {
  /** An eighth of the heap, and a minute. */
  public static JournalOptions standard() {
    return new JournalOptions(Runtime.getRuntime().maxMemory() / 8, Duration.ofSeconds(60));
  }
}
