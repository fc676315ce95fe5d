package dev.abide.engine.internal.store.chronicle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pages of a mapped file present and writable all at once, where Linux can (since 5.14):
 * some 0.1 s a gigabyte. Else the first write to each page of 4 KiB stops its thread, for 3 to 10
 * µs each time. It is advice: where it cannot be had, nothing else changes.
 */
final class MappedMemory {
  private static final int MADV_POPULATE_WRITE = 23;

  /** A longer range goes in steps, so that no call holds up others that map or unmap for long. */
  private static final long STEP_BYTES = 64L << 20;

  private static final @Nullable MethodHandle MADVISE = find();

  private MappedMemory() {}

  @SuppressWarnings("restricted") // that is what --enable-native-access is for
  private static @Nullable MethodHandle find() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().find("madvise").orElseThrow(),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    } catch (UnsupportedOperationException | IllegalCallerException | NoSuchElementException e) {
      return null;
    }
  }

  /**
   * Does so.
   *
   * @param address where the mapping begins
   */
  static void populate(long address, long bytes) {
    MethodHandle madvise = MADVISE;
    if (madvise == null) {
      return;
    }
    try {
      for (long done = 0; done < bytes; done += STEP_BYTES) {
        MemorySegment from = MemorySegment.ofAddress(address + done);
        long step = Math.min(STEP_BYTES, bytes - done);
        if ((int) madvise.invokeExact(from, step, MADV_POPULATE_WRITE) != 0) {
          return;
        }
      }
    } catch (Throwable e) {
      if (e instanceof Error error) {
        throw error;
      }
      throw e instanceof RuntimeException own ? own : new IllegalStateException(e);
    }
  }
}
