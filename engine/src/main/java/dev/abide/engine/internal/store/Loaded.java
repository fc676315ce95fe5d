package dev.abide.engine.internal.store;

import java.util.List;

/**
 * What one read at waking found.
 *
 * @param entries in ascending key order; empty if the object has nothing in the store, or if it is
 *     too large to be read at once
 * @param whole whether {@code entries} is all that the object has in the store
 */
public record Loaded(List<Entry> entries, boolean whole) {}
