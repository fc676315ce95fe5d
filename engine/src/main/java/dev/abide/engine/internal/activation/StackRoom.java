package dev.abide.engine.internal.activation;

/**
 * Finds out whether the stack has room for what must not be left half done: handing over a commit,
 * and queuing a call. A caller may stand anywhere on its stack. Did the stack end between the
 * journal taking a commit and the turn's end, the turn would count as failed and its writes would
 * stay; did it end between the mailbox taking a call and the wait for it, the caller would be gone
 * and the call would run. Ending here, nothing has been handed over.
 */
final class StackRoom {
  /**
   * With 12 words of arguments a level takes 100 to 200 bytes; the longest way takes about 4 KB.
   */
  private static final int LEVELS = 48;

  private StackRoom() {}

  /**
   * Uses more stack than what follows will, and gives it back.
   *
   * @throws StackOverflowError if there is not so much
   */
  static void require() {
    if (use(LEVELS, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) == 0) {
      throw new AssertionError("a sum of positive numbers is zero");
    }
  }

  private static long use(
      int level,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k) {
    return level == 0 ? a : use(level - 1, b, c, d, e, f, g, h, i, j, k, a) + 1;
  }
}
