package dev.abide.engine.internal.activation;

import dev.abide.engine.spi.TurnStack;

/**
 * Finds out whether the stack has room for what must not be left half done: handing over a commit,
 * and queuing a call. A caller may stand anywhere on its stack. Did the stack end between the
 * journal taking a commit and the turn's end, the turn would count as failed and its writes would
 * stay; did it end between the mailbox taking a call and the wait for it, the caller would be gone
 * and the call would run. Ending here, nothing has been handed over.
 *
 * <p>The idea: frames that are large and that nobody writes. Compiled code reserves in its frame
 * the room for the arguments of every call that it may make; the interpreter reserves room for all
 * local variables. So a method that now and then, and not never, calls one with {@code 60}
 * arguments from as many variables has a large frame each time, and costs its entry. To fill as
 * much stack with arguments took 120 to 240 ns, more than all else in a queued call.
 */
final class StackRoom {
  /**
   * A level takes 500 bytes compiled and 1,000 interpreted, where what follows takes the most:
   * about 4 KB.
   */
  private static final int LEVELS = 8;

  /** About 16 KB, for a walk. */
  private static final int WALK_LEVELS = 4 * LEVELS;

  /** The wide call is made once in so many times, or the compilers would leave it out. */
  private static final int SELDOM = 128;

  private StackRoom() {}

  /**
   * Uses more stack than what follows will, and gives it back.
   *
   * @param stack the calling thread's
   * @throws StackOverflowError if there is not so much
   */
  static void require(TurnStack stack) {
    if (use(LEVELS, stack.probes++) == Long.MIN_VALUE) {
      throw new AssertionError("no sum of these numbers is so small");
    }
  }

  /** Whether there is room for a walk through the table of objects, for which nothing is undone. */
  static boolean allowsWalk(TurnStack stack) {
    try {
      return use(WALK_LEVELS, stack.probes++) != Long.MIN_VALUE;
    } catch (StackOverflowError full) {
      return false;
    }
  }

  private static long use(int level, long any) {
    if (level > 0) {
      return use(level - 1, any) & Long.MAX_VALUE;
    }
    if ((any & (SELDOM - 1)) != 0) {
      return 0;
    }
    long a = any;
    long b = a + 1;
    long c = b + 1;
    long d = c + 1;
    long e = d + 1;
    long f = e + 1;
    long g = f + 1;
    long h = g + 1;
    long i = h + 1;
    long j = i + 1;
    long k = j + 1;
    long l = k + 1;
    long m = l + 1;
    long n = m + 1;
    long o = n + 1;
    long p = o + 1;
    long q = p + 1;
    long r = q + 1;
    long s = r + 1;
    long t = s + 1;
    long a2 = t + 1;
    long b2 = a2 + 1;
    long c2 = b2 + 1;
    long d2 = c2 + 1;
    long e2 = d2 + 1;
    long f2 = e2 + 1;
    long g2 = f2 + 1;
    long h2 = g2 + 1;
    long i2 = h2 + 1;
    long j2 = i2 + 1;
    long k2 = j2 + 1;
    long l2 = k2 + 1;
    long m2 = l2 + 1;
    long n2 = m2 + 1;
    long o2 = n2 + 1;
    long p2 = o2 + 1;
    long q2 = p2 + 1;
    long r2 = q2 + 1;
    long s2 = r2 + 1;
    long t2 = s2 + 1;
    long a3 = t2 + 1;
    long b3 = a3 + 1;
    long c3 = b3 + 1;
    long d3 = c3 + 1;
    long e3 = d3 + 1;
    long f3 = e3 + 1;
    long g3 = f3 + 1;
    long h3 = g3 + 1;
    long i3 = h3 + 1;
    long j3 = i3 + 1;
    long k3 = j3 + 1;
    long l3 = k3 + 1;
    long m3 = l3 + 1;
    long n3 = m3 + 1;
    long o3 = n3 + 1;
    long p3 = o3 + 1;
    long q3 = p3 + 1;
    long r3 = q3 + 1;
    long s3 = r3 + 1;
    long t3 = s3 + 1;
    return wide(
        a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, a2, b2, c2, d2, e2, f2, g2, h2,
        i2, j2, k2, l2, m2, n2, o2, p2, q2, r2, s2, t2, a3, b3, c3, d3, e3, f3, g3, h3, i3, j3, k3,
        l3, m3, n3, o3, p3, q3, r3, s3, t3);
  }

  /** Too long to be made a part of its caller. */
  private static long wide(
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
      long k,
      long l,
      long m,
      long n,
      long o,
      long p,
      long q,
      long r,
      long s,
      long t,
      long a2,
      long b2,
      long c2,
      long d2,
      long e2,
      long f2,
      long g2,
      long h2,
      long i2,
      long j2,
      long k2,
      long l2,
      long m2,
      long n2,
      long o2,
      long p2,
      long q2,
      long r2,
      long s2,
      long t2,
      long a3,
      long b3,
      long c3,
      long d3,
      long e3,
      long f3,
      long g3,
      long h3,
      long i3,
      long j3,
      long k3,
      long l3,
      long m3,
      long n3,
      long o3,
      long p3,
      long q3,
      long r3,
      long s3,
      long t3) {
    return ((a * 3)
            ^ (b * 5)
            ^ (c * 7)
            ^ (d * 9)
            ^ (e * 11)
            ^ (f * 13)
            ^ (g * 15)
            ^ (h * 17)
            ^ (i * 19)
            ^ (j * 21)
            ^ (k * 23)
            ^ (l * 25)
            ^ (m * 27)
            ^ (n * 29)
            ^ (o * 31)
            ^ (p * 33)
            ^ (q * 35)
            ^ (r * 37)
            ^ (s * 39)
            ^ (t * 41)
            ^ (a2 * 43)
            ^ (b2 * 45)
            ^ (c2 * 47)
            ^ (d2 * 49)
            ^ (e2 * 51)
            ^ (f2 * 53)
            ^ (g2 * 55)
            ^ (h2 * 57)
            ^ (i2 * 59)
            ^ (j2 * 61)
            ^ (k2 * 63)
            ^ (l2 * 65)
            ^ (m2 * 67)
            ^ (n2 * 69)
            ^ (o2 * 71)
            ^ (p2 * 73)
            ^ (q2 * 75)
            ^ (r2 * 77)
            ^ (s2 * 79)
            ^ (t2 * 81)
            ^ (a3 * 83)
            ^ (b3 * 85)
            ^ (c3 * 87)
            ^ (d3 * 89)
            ^ (e3 * 91)
            ^ (f3 * 93)
            ^ (g3 * 95)
            ^ (h3 * 97)
            ^ (i3 * 99)
            ^ (j3 * 101)
            ^ (k3 * 103)
            ^ (l3 * 105)
            ^ (m3 * 107)
            ^ (n3 * 109)
            ^ (o3 * 111)
            ^ (p3 * 113)
            ^ (q3 * 115)
            ^ (r3 * 117)
            ^ (s3 * 119)
            ^ (t3 * 121))
        & Long.MAX_VALUE;
  }
}
