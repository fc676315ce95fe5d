package dev.abide.engine.internal.storage;

/**
 * Bounds on what a turn writes.
 *
 * @param turnBytesMax keys and values of one commit
 * @param valueBytesMax one encoded value
 */
public record StorageLimits(long turnBytesMax, int valueBytesMax) {}
