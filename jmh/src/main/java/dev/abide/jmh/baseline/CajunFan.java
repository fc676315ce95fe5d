package dev.abide.jmh.baseline;

import com.cajunsystems.ActorContext;
import com.cajunsystems.Pid;
import com.cajunsystems.handler.Handler;
import dev.abide.jmh.Fanned;
import java.util.List;
import java.util.stream.IntStream;

/** An actor of Cajun's that tells many, which tell one. */
public final class CajunFan implements Fanned {
  private enum Signal {
    GO
  }

  private final CajunSystem system = new CajunSystem();
  private final Pid root;

  /** With this many leaves, and what the sink does when it heard from all. */
  public CajunFan(int leaves, Runnable complete) {
    Pid sink = system.spawn(new Sink(new FanIn(leaves, complete)), "sink");
    List<Pid> all =
        IntStream.range(0, leaves)
            .mapToObj(n -> system.spawn(new Teller(List.of(sink)), "leaf-" + n))
            .toList();
    root = system.spawn(new Teller(all), "root");
  }

  private record Teller(List<Pid> next) implements Handler<Signal> {
    @Override
    public void receive(Signal go, ActorContext context) {
      next.forEach(one -> context.tell(one, go));
    }
  }

  private record Sink(FanIn heard) implements Handler<Signal> {
    @Override
    public void receive(Signal go, ActorContext context) {
      heard.one();
    }
  }

  @Override
  public void out() {
    root.tell(Signal.GO);
  }

  @Override
  public void close() {
    system.close();
  }
}
