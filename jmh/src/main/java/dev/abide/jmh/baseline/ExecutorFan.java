package dev.abide.jmh.baseline;

import dev.abide.jmh.Fanned;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Single-thread executors: one gives a task to many, which give one to the last. */
public final class ExecutorFan implements Fanned {
  private final ExecutorService root = Executors.newSingleThreadExecutor();
  private final ExecutorService sink = Executors.newSingleThreadExecutor();
  private final List<ExecutorService> leaves;
  private final FanIn heard;

  /** With this many leaves, and what the last one does when it heard from all. */
  public ExecutorFan(int leaves, Runnable complete) {
    this.leaves = Stream.generate(Executors::newSingleThreadExecutor).limit(leaves).toList();
    heard = new FanIn(leaves, complete);
  }

  @Override
  public void out() {
    root.execute(() -> leaves.forEach(leaf -> leaf.execute(() -> sink.execute(heard::one))));
  }

  @Override
  public void close() {
    root.close();
    leaves.forEach(ExecutorService::close);
    sink.close();
  }
}
