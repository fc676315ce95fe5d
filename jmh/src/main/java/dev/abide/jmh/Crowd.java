package dev.abide.jmh;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Callers that share a number of calls and are waited for. Each makes its share, the first ones one
 * more where it does not divide. A run fails if a caller fails or if a call is missing.
 *
 * <p>Its threads are new each time. A thousand of them start in about a millisecond, so calls that
 * take nanoseconds are made {@link #QUICK_CALLS} at a time, and others {@link #CALLS}.
 */
final class Crowd {
  /** One call of one caller. */
  interface Call {
    void by(int caller) throws Exception;
  }

  static final int PLATFORM_CALLERS_MAX = 256;

  /** Calls of a crowd, where each takes microseconds. */
  static final int CALLS = 64_000;

  /** Calls of a crowd, where each takes nanoseconds. */
  static final int QUICK_CALLS = 640_000;

  /** Of quick calls one in so many is timed, where times are taken; a prime, to keep no step. */
  private static final int QUICK_EVERY = 61;

  private Crowd() {}

  /** Callers on virtual threads. */
  static void virtual(int callers, int calls, Call call) throws InterruptedException {
    run(Thread.ofVirtual().factory(), callers, calls, call, CrowdTimes.counting());
  }

  /** No crowd: the calling thread makes all calls itself. */
  static void alone(int calls, Call call) throws Exception {
    if (CrowdTimes.counting()) {
      timed(call, 0, calls, 1);
    } else {
      for (int n = 0; n < calls; n++) {
        call.by(0);
      }
    }
  }

  /** Callers on virtual threads, for what is not the question: its times are never taken. */
  static void virtualUntimed(int callers, int calls, Call call) throws InterruptedException {
    run(Thread.ofVirtual().factory(), callers, calls, call, false);
  }

  /**
   * Callers on platform threads, at most {@link #PLATFORM_CALLERS_MAX}: for peers that enter native
   * code, which holds a virtual thread's carrier.
   */
  static void platform(int callers, int calls, Call call) throws InterruptedException {
    run(
        Thread.ofPlatform().factory(),
        Math.min(callers, PLATFORM_CALLERS_MAX),
        calls,
        call,
        CrowdTimes.counting());
  }

  private static void run(ThreadFactory threads, int callers, int calls, Call call, boolean timed)
      throws InterruptedException {
    CountDownLatch left = new CountDownLatch(callers);
    AtomicLong made = new AtomicLong();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    for (int caller = 0; caller < callers; caller++) {
      int own = caller;
      int share = share(caller, callers, calls);
      threads
          .newThread(() -> {
            try {
              if (timed) {
                timed(call, own, share, calls < QUICK_CALLS ? 1 : QUICK_EVERY);
              } else {
                for (int n = 0; n < share; n++) {
                  call.by(own);
                }
              }
              made.addAndGet(share);
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            } finally {
              left.countDown();
            }
          })
          .start();
    }
    left.await();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("a caller failed: " + thrown, thrown);
    }
    verify("calls made", made.get(), calls);
  }

  private static void timed(Call call, int own, int share, int every) throws Exception {
    long[] nanos = new long[share / every];
    int taken = 0;
    for (int n = 1; n <= share; n++) {
      if (n % every == 0) {
        long from = System.nanoTime();
        call.by(own);
        nanos[taken++] = System.nanoTime() - from;
      } else {
        call.by(own);
      }
    }
    CrowdTimes.add(nanos);
  }

  /** How many of the calls a caller makes. */
  static int share(int caller, int callers, int calls) {
    return calls / callers + (caller < calls % callers ? 1 : 0);
  }

  /** Fails unless both are equal. */
  static void verify(String what, long found, long expected) {
    if (found != expected) {
      throw new AssertionError(what + ": " + found + " instead of " + expected);
    }
  }
}
