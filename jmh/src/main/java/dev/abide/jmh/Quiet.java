package dev.abide.jmh;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Waits until this JVM does next to nothing of its own accord. What was stored is applied behind
 * the answers, and compiled code comes late: both would be measured with what is asked for next.
 */
public final class Quiet {
  private static final long LOOK_MILLIS = 250;

  /** Of one processor: what goes around among many objects takes a fifth of one at most. */
  private static final double BUSY_MAX = 0.3;

  private static final long ALLOCATED_MAX = 512 << 10;
  private static final long WAIT_SECONDS_MAX = 20;

  /** One look may fall between two pieces of work that wait for the disk. */
  private static final int QUIET_LOOKS = 4;

  private Quiet() {}

  /** Returns when it is, or says after 20 s that what goes on will go on while it is measured. */
  public static void await() throws InterruptedException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long from = System.nanoTime();
    int quiet = 0;
    while (quiet < QUIET_LOOKS) {
      if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX)) {
        System.out.printf("not quiet after %d s; it is measured all the same%n", WAIT_SECONDS_MAX);
        return;
      }
      long busy = system.getProcessCpuTime();
      long allocated = threads.getTotalThreadAllocatedBytes();
      Thread.sleep(LOOK_MILLIS);
      busy = system.getProcessCpuTime() - busy;
      allocated = threads.getTotalThreadAllocatedBytes() - allocated;
      boolean still =
          busy <= BUSY_MAX * TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)
              && allocated <= ALLOCATED_MAX;
      quiet = still ? quiet + 1 : 0;
    }
  }
}
