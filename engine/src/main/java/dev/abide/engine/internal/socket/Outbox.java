package dev.abide.engine.internal.socket;

import dev.abide.engine.StorageException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where an object's output waits until it is durable. It leaves in the order of turns, also where a
 * later turn depends on less: else a client could see an answer before the message that it answers.
 *
 * <p>Threading: {@link #add} by the owner of the object, one at a time. What waits is let go by one
 * virtual thread, which ends when nothing waits.
 */
final class Outbox implements Runnable {
  private final SocketRegistry registry;
  private final ConcurrentLinkedQueue<Batch> waiting = new ConcurrentLinkedQueue<>();

  /** Batches that have not gone, the one that is going included. */
  private final AtomicInteger count = new AtomicInteger();

  Outbox(SocketRegistry registry) {
    this.registry = registry;
  }

  void add(Batch batch) {
    // Only the owner raises the count, and that is this thread: if it is zero nothing is on its
    // way,
    // and nothing can come between.
    if (count.get() == 0 && registry.gate().passed(batch.durable(), batch.written())) {
      batch.release();
      return;
    }
    registry.batchWaits();
    waiting.add(batch);
    if (count.getAndIncrement() == 0) {
      Thread.ofVirtual().name("abide-outbox").start(this);
    }
  }

  @Override
  public void run() {
    int done = 0;
    do {
      // Linked before it was counted, so for each count there is one.
      Batch batch = waiting.remove();
      try {
        registry.gate().await(batch.durable(), batch.written());
        batch.release();
      } catch (StorageException failed) {
        batch.drop(failed);
      } finally {
        registry.batchGone();
        done = count.decrementAndGet();
      }
    } while (done != 0);
  }
}
