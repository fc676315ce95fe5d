package dev.abide.jmh.baseline;

import dev.abide.jmh.Chained;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Single-thread executors, each of which waits for what the next one answers. */
public final class ExecutorChain implements Chained {
  private final List<ExecutorService> links;

  /** This many. */
  public ExecutorChain(int length) {
    links = Stream.generate(Executors::newSingleThreadExecutor).limit(length).toList();
  }

  @Override
  public int follow() {
    return follow(0);
  }

  private int follow(int link) {
    return link == links.size()
        ? 0
        : ExecutorTallies.answer(links.get(link).submit(() -> 1 + follow(link + 1)));
  }

  @Override
  public void close() {
    links.forEach(ExecutorService::close);
  }
}
