package dev.abide.engine.internal.journal;

/** Told which segments the journal writes. */
@FunctionalInterface
public interface SegmentListener {
  /**
   * The journal begins to write this segment; the one before is sealed, and ends with the commit
   * before {@code first}, which is durable. On the journal's thread; must be quick.
   *
   * @param bytes the length of its file
   * @param first the number of the first commit that it will have
   */
  void begun(long sequence, long bytes, long first);
}
