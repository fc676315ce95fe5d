package dev.abide.engine.internal.socket;

import java.util.List;

/**
 * What one turn sends.
 *
 * @param durable the newest commit that it depends on and that has to be synced
 * @param written the newest one that has to be written
 * @param outputs in their order
 */
record Batch(long durable, long written, List<Output> outputs) {}
