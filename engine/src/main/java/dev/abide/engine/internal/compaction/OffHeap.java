package dev.abide.engine.internal.compaction;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside the heap that grows; one thread. */
@SuppressWarnings("MustBeClosed") // closed by close, or when a larger one takes its place
final class OffHeap implements AutoCloseable {
  private Arena arena = Arena.ofConfined();
  private MemorySegment memory;
  private long used;

  OffHeap(long bytes) {
    memory = arena.allocate(Math.max(64, bytes), 64);
  }

  MemorySegment memory() {
    return memory;
  }

  long used() {
    return used;
  }

  /** Forgets what was taken, and keeps the memory. */
  void clear() {
    used = 0;
  }

  /** Takes so many more bytes and gives the offset of the first. */
  long take(long bytes) {
    if (used + bytes > memory.byteSize()) {
      Arena larger = Arena.ofConfined();
      MemorySegment grown;
      try {
        grown = larger.allocate(Math.max(used + bytes, 2 * memory.byteSize()), 64);
      } catch (RuntimeException | Error e) {
        larger.close();
        throw e;
      }
      MemorySegment.copy(memory, 0, grown, 0, used);
      arena.close();
      arena = larger;
      memory = grown;
    }
    long at = used;
    used += bytes;
    return at;
  }

  @Override
  public void close() {
    arena.close();
  }
}
