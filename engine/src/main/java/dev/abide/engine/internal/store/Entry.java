package dev.abide.engine.internal.store;

/**
 * One key of an object and its bytes. Neither array is changed after construction, by anyone.
 *
 * @param key the whole storage key, tag and name included; keys order as unsigned bytes
 * @param value the encoded value
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(byte[] key, byte[] value) {}
