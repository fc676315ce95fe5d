package dev.abide.engine.internal.socket;

import dev.abide.engine.StorageException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where an object's output waits until it is durable. It leaves in the order of turns, also where a
 * later turn depends on less: else a client could see an answer before the message that it answers.
 *
 * <p>Threading: {@link #add} by the owner of the object, one at a time. What waits is let go by one
 * thread, which ends when nothing waits.
 */
final class Outbox implements Runnable {
  private final SocketRegistry registry;
  private final ObjectSockets of;
  private final ConcurrentLinkedQueue<Batch> waiting = new ConcurrentLinkedQueue<>();

  /** Batches that have not gone, the one that is going included. */
  private final AtomicInteger count = new AtomicInteger();

  /** Whether a thread has been asked for and nobody has begun to let go of what waits. */
  private final AtomicBoolean handedOver = new AtomicBoolean();

  Outbox(SocketRegistry registry, ObjectSockets of) {
    this.registry = registry;
    this.of = of;
  }

  void add(Batch batch) {
    // Only the owner raises the count, and that is this thread: if it is zero nothing is on its
    // way, and nothing can come between.
    if (count.get() == 0 && registry.gate().passed(batch.durable(), batch.written())) {
      release(batch);
      return;
    }
    registry.batchWaits();
    waiting.add(batch);
    if (count.getAndIncrement() == 0) {
      handOver();
    }
  }

  /**
   * Where there is no memory for a thread, or none to carry it, this one waits for the disk itself:
   * the object is slow then, and nothing is lost. It holds up no one else, for durability waits for
   * no object. A thread may have been asked for with success before the failure, and come later:
   * whoever swaps the mark is the one that goes on. Such a thread may swap the mark of a later
   * batch; then the one that was started for that finds nothing to do, and all the same one goes
   * on.
   */
  private void handOver() {
    handedOver.set(true);
    try {
      registry.gate().start(this);
    } catch (Throwable stuck) {
      report(stuck);
      run();
    }
  }

  @Override
  public void run() {
    if (!handedOver.compareAndSet(true, false)) {
      return;
    }
    boolean more;
    do {
      try {
        // Linked before it was counted, so for each count there is one.
        Batch batch = waiting.remove();
        if (passes(batch)) {
          release(batch);
        }
      } catch (Throwable failed) {
        // No step throws by itself; there may be no memory, or no stack, to take the next one.
        report(failed);
      } finally {
        // However it went: a batch that stays counted holds up all behind it, and whoever closes.
        // Counted down first: who finds that nothing waits finds the next batch let go at once.
        more = count.decrementAndGet() != 0;
        registry.batchGone();
      }
    } while (more);
  }

  /** Whether the batch may leave, when that is known; else it is dropped. */
  private boolean passes(Batch batch) {
    try {
      registry.gate().await(batch.durable(), batch.written());
      return true;
    } catch (StorageException failed) {
      // It has a report of its own. Said here and not only by who is told of the failure next: an
      // engine that closes looks whether output waits, and would end all sockets as if it had left.
      registry.end(1011, Output.CANNOT_GO_ON);
      drop(batch, failed);
    } catch (Throwable failed) {
      report(failed);
      drop(batch, failed);
    }
    return false;
  }

  /** Whatever happens, the thread goes on: else all that the object ever sends would wait. */
  private void release(Batch batch) {
    for (Output output : batch.outputs()) {
      try {
        output.release();
      } catch (Throwable failed) {
        report(failed);
      }
    }
  }

  private void drop(Batch batch, Throwable why) {
    for (Output output : batch.outputs()) {
      try {
        output.drop(why);
      } catch (Throwable failed) {
        report(failed);
      }
    }
  }

  private void report(Throwable failed) {
    registry.failed(of.type(), of.id(), failed);
  }
}
