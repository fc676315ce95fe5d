package dev.abide.engine.internal.journal;

/**
 * Where the segments go on from: what runs and bases hold of the journal already.
 *
 * @param number the last commit that is in them; 0 if there are none
 * @param time the time of that commit
 */
public record JournalStart(long number, long time) {
  /** All commits are in segments. */
  public static final JournalStart NOTHING = new JournalStart(0, 0);
}
