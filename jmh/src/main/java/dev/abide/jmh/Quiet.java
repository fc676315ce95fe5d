package dev.abide.jmh;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Waits until this JVM does next to nothing of its own accord. What was stored is applied behind
 * the answers, and compiled code comes late: both would be measured with what is asked for next.
 */
final class Quiet {
  private static final long LOOK_MILLIS = 250;

  /** Of one processor: what goes around among many objects takes a fifth of one at most. */
  private static final double BUSY_MAX = 0.3;

  private static final long ALLOCATED_MAX = 512 << 10;
  private static final long WAIT_SECONDS_MAX = 20;

  private Quiet() {}

  /** Returns when it is, or after 20 s: what still goes on then goes on while it is measured. */
  static void await() throws InterruptedException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long from = System.nanoTime();
    long busy;
    long allocated;
    do {
      busy = system.getProcessCpuTime();
      allocated = threads.getTotalThreadAllocatedBytes();
      Thread.sleep(LOOK_MILLIS);
      busy = system.getProcessCpuTime() - busy;
      allocated = threads.getTotalThreadAllocatedBytes() - allocated;
    } while ((busy > BUSY_MAX * TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)
            || allocated > ALLOCATED_MAX)
        && System.nanoTime() - from < TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX));
  }
}
