package dev.abide.jmh.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What group commit costs with nothing around it: callers put a record into a list and park; one
 * thread writes all that gathered, syncs once and unparks them. No checksum, no numbers, no store,
 * no recovery. If the thread ends, all who wait and all who come later fail.
 */
public final class GroupCommitLoop implements AutoCloseable {
  private static final int BATCH_BYTES_MAX = 8 << 20;

  private static final class Waiting {
    final Thread thread = Thread.currentThread();
    final byte[] record;
    // Before done, which publishes it.
    boolean failed;
    volatile boolean done;

    Waiting(byte[] record) {
      this.record = record;
    }
  }

  private final ZeroedFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread writer;
  private List<Waiting> queue = new ArrayList<>();
  // Under the lock: what callers that come later fail with.
  private @Nullable Throwable ended;
  private volatile boolean parked;
  private volatile boolean closed;
  private final AtomicLong appended = new AtomicLong();

  /** Makes the file and starts the thread. */
  public GroupCommitLoop(Path path) throws IOException {
    file = new ZeroedFile(path);
    writer = Thread.ofPlatform().daemon().name("group-commit-loop").start(this::run);
  }

  /**
   * Returns when the record is synced.
   *
   * @throws IllegalStateException if the loop has ended; whether the record was written is unknown
   */
  public void append(byte[] record) {
    Waiting waiting = new Waiting(record);
    lock.lock();
    try {
      refuseIfEnded();
      queue.add(waiting);
    } finally {
      lock.unlock();
    }
    if (parked) {
      LockSupport.unpark(writer);
    }
    while (!waiting.done) {
      LockSupport.park(this);
    }
    if (waiting.failed) {
      lock.lock();
      try {
        refuseIfEnded();
      } finally {
        lock.unlock();
      }
    }
  }

  private void refuseIfEnded() {
    if (ended != null) {
      throw new IllegalStateException("the group-commit loop has ended", ended);
    }
  }

  /** How many records were synced, of all whose callers have returned. */
  public long appended() {
    return appended.get();
  }

  private void run() {
    List<Waiting> batch = List.of();
    Throwable because = new IllegalStateException("it was closed");
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BATCH_BYTES_MAX);
      while (!closed) {
        batch = take();
        buffer.clear();
        batch.forEach(waiting -> buffer.put(waiting.record));
        file.writeAndSync(buffer.flip());
        appended.addAndGet(batch.size());
        release(batch);
        batch = List.of();
      }
    } catch (Throwable thrown) {
      because = thrown;
    }
    end(batch, because);
  }

  private static void release(List<Waiting> batch) {
    for (Waiting waiting : batch) {
      waiting.done = true;
      LockSupport.unpark(waiting.thread);
    }
  }

  private void end(List<Waiting> batch, Throwable because) {
    List<Waiting> all = new ArrayList<>(batch);
    lock.lock();
    try {
      ended = because;
      all.addAll(queue);
      queue = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    all.forEach(waiting -> waiting.failed = true);
    release(all);
  }

  private List<Waiting> take() {
    while (true) {
      parked = true;
      lock.lock();
      try {
        if (!queue.isEmpty() || closed) {
          parked = false;
          List<Waiting> batch = queue;
          queue = new ArrayList<>();
          return batch;
        }
      } finally {
        lock.unlock();
      }
      LockSupport.park(this);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
  }
}
