package dev.abide.engine.internal.observe;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was committed. Written by one thread as a rule, read by any. */
public final class CommitMeter {
  private final LongAdder commits = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder droppedForSpace = new LongAdder();
  private final TimeMeter syncs = new TimeMeter();

  /** A meter at zero. */
  public CommitMeter() {}

  /** Counts a batch that was synced at once. */
  public void batch(long lastNumber, int size, long batchBytes, long syncNanos) {
    commits.add(size);
    bytes.add(batchBytes);
    syncs.add(syncNanos);
    CommitEvent event = new CommitEvent();
    if (event.isEnabled()) {
      event.number = lastNumber;
      event.commits = size;
      event.bytes = batchBytes;
      event.syncNanos = syncNanos;
      event.commit();
    }
  }

  /** Counts a commit that needs no sync. */
  public void commit() {
    commits.increment();
  }

  /** Counts that past states are dropped before their time, for want of space. */
  public void droppingForSpace() {
    droppedForSpace.increment();
  }

  /** How often past states began to be dropped before their time. */
  public long droppedForSpace() {
    return droppedForSpace.sum();
  }

  /** How many commits. */
  public long commits() {
    return commits.sum();
  }

  /** How many bytes of them were written to the journal. */
  public long bytes() {
    return bytes.sum();
  }

  /** How many syncs, and how long they took. */
  public TimeMeter syncs() {
    return syncs;
  }
}
