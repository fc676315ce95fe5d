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

  private Crowd() {}

  /** Callers on virtual threads. */
  static void virtual(int callers, int calls, Call call) throws InterruptedException {
    run(Thread.ofVirtual().factory(), callers, calls, call);
  }

  /**
   * Callers on platform threads, at most {@link #PLATFORM_CALLERS_MAX}: for peers that enter native
   * code, which holds a virtual thread's carrier.
   */
  static void platform(int callers, int calls, Call call) throws InterruptedException {
    run(Thread.ofPlatform().factory(), Math.min(callers, PLATFORM_CALLERS_MAX), calls, call);
  }

  private static void run(ThreadFactory threads, int callers, int calls, Call call)
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
              for (int n = 0; n < share; n++) {
                call.by(own);
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
