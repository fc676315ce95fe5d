package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.store.Commit;

/**
 * A durable commit on its way to the store.
 *
 * @param number its place in the order of all commits
 * @param time its milliseconds of the calendar, never going back
 * @param commit what it does
 * @param bytes what it counts against the bound on unapplied bytes; to be given back by {@link
 *     Journal#applied}
 */
public record NumberedCommit(long number, long time, Commit commit, long bytes) {}
