package dev.abide.engine.internal.activation;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.observe.GateWaitEvent;
import dev.abide.engine.internal.observe.TimeMeter;
import dev.abide.engine.internal.store.ObjectStore;
import dev.abide.engine.spi.TurnStack;
import java.util.function.Consumer;

/**
 * Holds back what leaves the engine until all that it depends on is durable, or written, as its
 * level says.
 */
final class Gate {
  private final ObjectStore store;
  private final TimeMeter waits;

  Gate(ObjectStore store, TimeMeter waits) {
    this.store = store;
    this.waits = waits;
  }

  /**
   * Waits until what has been seen may leave.
   *
   * @param more whether what it answers for is more than that commit: earlier ones, and calls. That
   *     the last one was never written says nothing of those then
   */
  void await(Seen seen, boolean more) {
    await(seen.durable(), seen.written(), more);
  }

  /** The same. */
  void await(long durable, long written, boolean more) {
    try {
      await(durable, written);
    } catch (StorageException failed) {
      if (more) {
        Access.get().unsure(failed);
      }
      throw failed;
    }
  }

  /** Waits until the one is durable and the other written. */
  void await(Seen seen) {
    await(seen.durable(), seen.written());
  }

  private void await(long durable, long written) {
    boolean syncs = durable > store.durable();
    // What is durable is written: of an object that syncs all it has seen this asks nothing.
    boolean writes = written > durable && written > store.written();
    if (!syncs && !writes) {
      return;
    }
    // Who is woken wakes others. Did the stack end there, these would wait for ever.
    StackRoom.require(TurnStack.current());
    GateWaitEvent event = GateWaitEvent.begun();
    long began = System.nanoTime();
    ComputePool left = ComputePool.waits();
    try {
      if (syncs) {
        store.awaitDurable(durable);
      }
      if (writes) {
        store.awaitWritten(written);
      }
    } finally {
      ComputePool.waited(left);
      waits.add(System.nanoTime() - began);
      if (event != null) {
        event.end();
        if (event.shouldCommit()) {
          event.number = Math.max(durable, written);
          event.commit();
        }
      }
    }
  }

  /** Waits until both are durable, whatever level they have. */
  void sync(Seen seen) {
    long newest = Math.max(seen.durable(), seen.written());
    if (newest > store.durable()) {
      ComputePool left = ComputePool.waits();
      try {
        store.sync(newest);
      } finally {
        ComputePool.waited(left);
      }
    }
  }

  /**
   * Runs the work on a fresh virtual thread, once the commit is durable; never if it never is: the
   * failure of the journal has a report of its own.
   */
  void after(Seen seen, Runnable work) {
    after(seen, false, failure -> {}, work);
  }

  /**
   * Runs one of the two on a fresh virtual thread, when it is known whether the commit is durable.
   */
  void after(Seen seen, boolean more, Consumer<Throwable> gateFailed, Runnable work) {
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            await(seen, more);
          } catch (StorageException failed) {
            gateFailed.accept(failed);
            return;
          }
          work.run();
        });
  }
}
