package dev.abide.jmh.baseline;

import dev.abide.jmh.Tallies;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Numbers, each owned by a single-thread executor of the JDK on a platform thread, which is what
 * {@code Executors.newSingleThreadExecutor()} gives; a call is {@code submit} and {@code get}.
 * Differs from an object: its thread stays while it is idle, and its queue has no bound.
 */
public final class ExecutorTallies implements Tallies {
  private final PlainTally[] tallies;
  private final ExecutorService[] executors;

  /** This many. Their threads start with their first call. */
  public ExecutorTallies(int count) {
    tallies = Stream.generate(PlainTally::new).limit(count).toArray(PlainTally[]::new);
    executors =
        Stream.generate(Executors::newSingleThreadExecutor)
            .limit(count)
            .toArray(ExecutorService[]::new);
  }

  @Override
  public int size() {
    return tallies.length;
  }

  @Override
  public long add(int tally, long by) {
    return answer(executors[tally].submit(() -> tallies[tally].add(by)));
  }

  /** Waits for it. */
  static <T> T answer(Future<T> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an executor was asked", e);
    }
  }

  @Override
  public void tell(int tally, long by) {
    executors[tally].execute(() -> tallies[tally].add(by));
  }

  @Override
  public void close() {
    for (ExecutorService executor : executors) {
      executor.close();
    }
  }
}
