package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Measures what a disk takes to make a small write durable: the floor of every durable reply. */
public final class SyncProbe {
  private static final String FILE = "probe.tmp";
  private static final int BYTES = 4_096;
  private static final int TIMES = 5;

  private SyncProbe() {}

  /** The median of five writes of 4 KiB over blocks that the file has, each synced. */
  public static long nanos(Disk disk) throws IOException {
    long[] nanos = new long[TIMES];
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    try (DiskFile file = disk.open(FILE, true)) {
      file.write(bytes.clear(), 0);
      file.force();
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        file.write(bytes.clear(), 0);
        file.force();
        nanos[i] = System.nanoTime() - start;
      }
    } finally {
      disk.delete(FILE);
    }
    Arrays.sort(nanos);
    return nanos[TIMES / 2];
  }
}
