package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;

/** What is said of a file of the journal that is not as it was written. */
public final class Damage {
  private Damage() {}

  /** The refusal: the file, the place, the fact, and what to do. */
  public static StorageException at(String name, long offset, String what) {
    return new StorageException(
        "the journal is damaged: in "
            + name
            + " at offset "
            + offset
            + ": "
            + what
            + ". Nothing was changed. Restore the directory from a copy",
        null,
        false,
        Applied.NO);
  }
}
