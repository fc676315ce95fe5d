package dev.abide.engine.internal.store;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A thread for the length of one piece of work on files: an interrupt closes a channel that the
 * interrupted thread uses, and callers may be interrupted at any time. They wait for the end of it
 * and keep the interrupt for later.
 */
final class OwnThread {
  private OwnThread() {}

  /** What may fail as files do. */
  interface Work<T> {
    T run() throws IOException;
  }

  static <T> T run(String name, Work<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread.ofPlatform().name(name).start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw thrown(Objects.requireNonNull(e.getCause()));
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException thrown(Throwable cause) {
    return switch (cause) {
      case IOException own -> own;
      case RuntimeException own -> throw own;
      case Error own -> throw own;
      default -> throw new IllegalStateException(cause);
    };
  }
}
