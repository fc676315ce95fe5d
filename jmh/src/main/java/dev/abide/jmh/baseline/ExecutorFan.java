package dev.abide.jmh.baseline;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Single-thread executors: one gives a task to many, which give one to the last. */
public final class ExecutorFan implements AutoCloseable {
  private final ExecutorService root = Executors.newSingleThreadExecutor();
  private final ExecutorService sink = Executors.newSingleThreadExecutor();
  private final List<ExecutorService> leaves;
  private final Runnable complete;
  private int heard;

  /** With this many leaves, and what the last one does when it heard from all. */
  public ExecutorFan(int leaves, Runnable complete) {
    this.leaves = Stream.generate(Executors::newSingleThreadExecutor).limit(leaves).toList();
    this.complete = complete;
  }

  /** Gives the root its task. */
  public void out() {
    root.execute(() -> leaves.forEach(leaf -> leaf.execute(() -> sink.execute(this::in))));
  }

  private void in() {
    heard++;
    if (heard == leaves.size()) {
      heard = 0;
      complete.run();
    }
  }

  @Override
  public void close() {
    root.close();
    leaves.forEach(ExecutorService::close);
    sink.close();
  }
}
