package dev.abide.engine.internal.journal;

/**
 * A segment that is no longer written, and which commits it has.
 *
 * @param sequence the number in its name
 * @param bytes the length of its file
 * @param first the number of its first commit
 * @param last the number of its last commit; one less than {@code first} if it has none
 */
public record JournalSegment(long sequence, long bytes, long first, long last) {
  /** The name of its file. */
  public String fileName() {
    return SegmentHeader.fileName(sequence);
  }
}
