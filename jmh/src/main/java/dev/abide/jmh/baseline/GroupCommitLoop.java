package dev.abide.jmh.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What group commit costs with nothing around it: callers put a record into a list and park; one
 * thread writes all that gathered, syncs once and unparks them. No checksum, no numbers, no store,
 * no recovery. The file was full of zeros before and is overwritten from its start when it ends.
 */
public final class GroupCommitLoop implements AutoCloseable {
  private static final int FILE_BYTES = 64 << 20;
  private static final int BATCH_BYTES_MAX = 8 << 20;

  private static final class Waiting {
    final Thread thread = Thread.currentThread();
    final byte[] record;
    volatile boolean durable;

    Waiting(byte[] record) {
      this.record = record;
    }
  }

  private final FileChannel file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread writer;
  private List<Waiting> queue = new ArrayList<>();
  private volatile boolean parked;
  private volatile boolean closed;

  /** Makes the file and starts the thread. */
  public GroupCommitLoop(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (int written = 0; written < FILE_BYTES; written += zeros.capacity()) {
      file.write(zeros.clear());
    }
    file.force(true);
    writer = Thread.ofPlatform().daemon().name("group-commit-loop").start(this::run);
  }

  /** Returns when the record is synced. */
  public void append(byte[] record) {
    Waiting waiting = new Waiting(record);
    lock.lock();
    try {
      queue.add(waiting);
    } finally {
      lock.unlock();
    }
    if (parked) {
      LockSupport.unpark(writer);
    }
    while (!waiting.durable) {
      LockSupport.park(this);
    }
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BATCH_BYTES_MAX);
    long position = 0;
    try {
      while (!closed) {
        List<Waiting> batch = take();
        buffer.clear();
        batch.forEach(waiting -> buffer.put(waiting.record));
        buffer.flip();
        if (position + buffer.remaining() > FILE_BYTES) {
          position = 0;
        }
        position += file.write(buffer, position);
        file.force(false);
        for (Waiting waiting : batch) {
          waiting.durable = true;
          LockSupport.unpark(waiting.thread);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
