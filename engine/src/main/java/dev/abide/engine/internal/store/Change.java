package dev.abide.engine.internal.store;

import org.jspecify.annotations.Nullable;

/**
 * What a commit does to one key. Neither array is changed after construction, by anyone.
 *
 * @param key the whole storage key
 * @param value the new bytes, or null where the key is deleted
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(byte[] key, byte @Nullable [] value) {}
