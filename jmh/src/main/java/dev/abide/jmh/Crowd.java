package dev.abide.jmh;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Callers that share a number of calls and are waited for. Each makes its share, the first ones one
 * more where it does not divide. A run fails if a caller fails or if a call is missing.
 */
final class Crowd {
  /** One call of one caller. */
  interface Call {
    void by(int caller) throws Exception;
  }

  static final int PLATFORM_CALLERS_MAX = 256;

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
      int share = calls / callers + (caller < calls % callers ? 1 : 0);
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

  /** Calls of tallies, each of which is counted in the end. */
  static void counted(Tallies tallies, int callers, int calls) throws InterruptedException {
    int objects = tallies.size();
    long before = sum(tallies);
    virtual(callers, calls, caller -> tallies.add(caller % objects, 1));
    verify("calls counted by the objects", sum(tallies) - before, calls);
  }

  /** What all tallies hold together. */
  static long sum(Tallies tallies) {
    long sum = 0;
    for (int tally = 0; tally < tallies.size(); tally++) {
      sum += tallies.add(tally, 0);
    }
    return sum;
  }

  /** Fails unless both are equal. */
  static void verify(String what, long found, long expected) {
    if (found != expected) {
      throw new AssertionError(what + ": " + found + " instead of " + expected);
    }
  }
}
