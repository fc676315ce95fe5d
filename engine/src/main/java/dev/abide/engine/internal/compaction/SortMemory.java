package dev.abide.engine.internal.compaction;

import java.lang.foreign.MemorySegment;

/**
 * Memory for sorting a segment. Fresh memory costs more than the sort itself, for every page of it
 * is a fault: so whoever sorts one segment after the other shares one of these.
 *
 * <p>One thread.
 */
final class SortMemory implements AutoCloseable {
  private static final int STEP_PER_BYTES = 16;

  private final OffHeap records;
  private final OffHeap steps;
  private final OffHeap scratch = new OffHeap(0);
  private final boolean shared;

  /** For one sort, after which it is closed; grows. */
  SortMemory(long bytes) {
    this(bytes, false);
  }

  private SortMemory(long bytes, boolean shared) {
    this.records = new OffHeap(bytes);
    this.steps = new OffHeap(bytes / STEP_PER_BYTES);
    this.shared = shared;
  }

  /** For sorts one after the other; closed by whoever made it. */
  static SortMemory shared(long bytes) {
    return new SortMemory(bytes, true);
  }

  OffHeap records() {
    return records;
  }

  OffHeap steps() {
    return steps;
  }

  MemorySegment scratch(long bytes) {
    scratch.clear();
    var _ = scratch.take(bytes);
    return scratch.memory();
  }

  /** The sort has ended. */
  void release() {
    if (shared) {
      records.clear();
      steps.clear();
    } else {
      close();
    }
  }

  @Override
  public void close() {
    records.close();
    steps.close();
    scratch.close();
  }
}
