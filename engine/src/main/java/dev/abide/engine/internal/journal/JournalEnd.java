package dev.abide.engine.internal.journal;

/**
 * Where a cleanly closed journal ends.
 *
 * @param sequence the segment in use
 * @param offset the first byte behind its last header
 * @param number the last commit
 * @param time the time of the last commit, which later ones do not go behind
 */
public record JournalEnd(long sequence, long offset, long number, long time) {}
