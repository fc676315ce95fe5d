package dev.abide.engine.internal.storage;

import org.jspecify.annotations.Nullable;

/** What a view knows of one key. */
final class Slot {
  final byte[] key;

  /** What was committed last, or null where the key does not exist. */
  byte @Nullable [] committed;

  /** The number of that commit, or 0 if it came from the store. */
  long commit;

  /** What the running turn set, if it is dirty; null where it removed the key. */
  byte @Nullable [] written;

  /** The one that the running turn wrote before this one, if it is dirty. */
  @Nullable Slot writtenBefore;

  boolean dirty;

  /**
   * Whether nobody has asked the store what was committed: the running turn wrote the key, and
   * reads what it wrote. Such a slot is dirty, becomes known by the commit, and goes with a
   * rollback.
   */
  boolean unread;

  /** Whether the view has forgotten this slot; whoever kept it looks again. */
  boolean forgotten;

  Slot(byte[] key) {
    this.key = key;
  }

  byte @Nullable [] value() {
    return dirty ? written : committed;
  }

  int bytes() {
    return key.length + (committed == null ? 0 : committed.length) + 64;
  }
}
