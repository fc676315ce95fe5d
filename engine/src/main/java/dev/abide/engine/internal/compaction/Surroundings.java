package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.journal.JournalSegment;
import org.jspecify.annotations.Nullable;

/** What compaction asks and tells the journal and the store. */
public interface Surroundings {
  /** Live bytes that nobody has counted. */
  long UNKNOWN = -1;

  /** While a directory is opened: nothing is served yet, and nobody waits. */
  Surroundings NONE =
      new Surroundings() {
        @Override
        public void sorted() {}

        @Override
        public boolean recycle(JournalSegment segment) {
          return false;
        }

        @Override
        public boolean applied(long number) {
          return false;
        }

        @Override
        public long liveBytes() {
          return UNKNOWN;
        }

        @Override
        public void correctLiveBytes(long difference) {}

        @Override
        public void unreadable(Throwable cause) {}
      };

  /** A sealed segment is in a run. */
  void sorted();

  /** Whether the journal takes the file of a segment that is in a run, to write it again. */
  boolean recycle(JournalSegment segment);

  /** Whether the store has everything up to this number. Does not wait. */
  boolean applied(long number);

  /** About how many bytes bases would have if they were written now, or {@link #UNKNOWN}. */
  long liveBytes();

  /** A fold has found how wrong that was. */
  void correctLiveBytes(long difference);

  /**
   * Whether so much may be written without taking room that commits need: else these would be
   * refused for it.
   */
  default boolean hasRoom(long bytes) {
    return true;
  }

  /** Past states are dropped earlier than their time, because they take too much space. */
  default void droppingForSpace() {}

  /** Something that an operator wants to know; nothing has to be done. */
  default void notice(String what, @Nullable Throwable cause) {}

  /** A segment cannot be read: the journal must end. */
  void unreadable(Throwable cause);
}
