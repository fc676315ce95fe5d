package dev.abide.jmh.baseline;

import dev.abide.jmh.Fanned;
import java.util.List;
import java.util.stream.Stream;

/** A thread behind a channel that sends to many, which send to one. */
public final class JoxFan implements Fanned {
  private enum Signal {
    GO
  }

  private final JoxActor<Signal> sink;
  private final List<JoxActor<Signal>> leaves;
  private final JoxActor<Signal> root;

  /** With this many leaves, and what the sink does when it heard from all. */
  public JoxFan(int leaves, Runnable complete) {
    FanIn heard = new FanIn(leaves, complete);
    sink = new JoxActor<>(_ -> heard.one());
    this.leaves = Stream.generate(() -> new JoxActor<Signal>(sink::send)).limit(leaves).toList();
    root = new JoxActor<>(go -> this.leaves.forEach(leaf -> leaf.send(go)));
  }

  @Override
  public void out() {
    root.send(Signal.GO);
  }

  @Override
  public void close() {
    root.close();
    leaves.forEach(JoxActor::close);
    sink.close();
  }
}
