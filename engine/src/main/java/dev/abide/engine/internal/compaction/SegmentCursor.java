package dev.abide.engine.internal.compaction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what a sorter has sorted. */
final class SegmentCursor implements Cursor {
  private static final byte[] NOTHING = {};

  private final SegmentSorter sorter;
  private long at = -1;
  private long step;
  private @Nullable ObjectKey object;
  private byte[] key = NOTHING;

  SegmentCursor(SegmentSorter sorter) {
    this.sorter = sorter;
  }

  @Override
  public boolean next() {
    do {
      if (++at >= sorter.count()) {
        return false;
      }
    } while (isSaidAlready(sorter.step(at)));
    long next = sorter.step(at);
    if (object == null
        || !sorter.sameObject(SegmentSorter.record(next), SegmentSorter.record(step))) {
      object = sorter.object(next);
    }
    step = next;
    key = sorter.key(next);
    return true;
  }

  /** Of two ranges of a commit that begin with the same key the wider one came first. */
  private boolean isSaidAlready(long next) {
    return object != null
        && isRange()
        && SegmentSorter.kind(next) != SegmentSorter.CHANGE
        && SegmentSorter.record(next) == SegmentSorter.record(step)
        && Arrays.equals(key, sorter.key(next));
  }

  @Override
  public ObjectKey object() {
    if (object == null) {
      throw new IllegalStateException("no record was read yet");
    }
    return object;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public long number() {
    return sorter.number(step);
  }

  @Override
  public boolean isRange() {
    return SegmentSorter.kind(step) != SegmentSorter.CHANGE;
  }

  @Override
  public byte @Nullable [] content() {
    int bytes = sorter.contentBytes(step);
    return bytes < 0 ? null : sorter.content(step, bytes);
  }

  @Override
  public void close() {
    sorter.close();
  }
}
