package dev.abide.engine.internal.storage;

import dev.abide.engine.internal.observe.EngineMeter;

/**
 * Bounds on what a turn writes.
 *
 * @param turnBytesMax keys and values of one commit
 * @param valueBytesMax one encoded value
 * @param meter counts how often they are met
 */
public record StorageLimits(long turnBytesMax, int valueBytesMax, EngineMeter meter) {}
