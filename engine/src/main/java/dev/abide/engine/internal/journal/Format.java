package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;

/**
 * The format number that each kind of file carries, from 1 on. It stands right behind the magic and
 * is looked at before any checksum, which may stand elsewhere in a format to come.
 */
public final class Format {
  /** What holds commits is no use without the files that were beside it then. */
  private static final String FROM_A_COPY = "restore the directory from a copy";

  private Format() {}

  /** Whether a file of this format can be read. */
  public static boolean isRead(long format, long newest) {
    return 1 <= format && format <= newest;
  }

  /**
   * Refuses a file of a format that this release does not read.
   *
   * @param at where the number stands
   * @param newest the newest format that is read
   */
  public static void check(String file, long at, long format, long newest) {
    check(file, at, format, newest, FROM_A_COPY);
  }

  /**
   * The same.
   *
   * @param ifDamaged what to do if no release wrote that number
   */
  public static void check(String file, long at, long format, long newest, String ifDamaged) {
    if (isRead(format, newest)) {
      return;
    }
    String then =
        format < 1
            ? "No release writes that, so the file is damaged at offset %d: %s"
            : "Use a newer release; if none wrote it, the file is damaged at offset %d: %s";
    throw new StorageException(
        "the file %s has format %d; this release reads up to %d. Nothing was changed. %s"
            .formatted(file, format, newest, then.formatted(at, ifDamaged)),
        null,
        false,
        Applied.NO);
  }
}
