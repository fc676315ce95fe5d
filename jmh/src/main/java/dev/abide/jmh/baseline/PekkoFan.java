package dev.abide.jmh.baseline;

import dev.abide.jmh.Fanned;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An actor that tells many, which tell one. */
public final class PekkoFan implements Fanned {
  private enum Signal {
    GO
  }

  private final PekkoSystem system = new PekkoSystem();
  private final ActorRef<Signal> root;

  /** With this many leaves, and what the sink does when it heard from all. */
  public PekkoFan(int leaves, Runnable complete) {
    FanIn heard = new FanIn(leaves, complete);
    ActorRef<Signal> sink = system.spawn(sink(heard), "sink");
    List<ActorRef<Signal>> all =
        IntStream.range(0, leaves).mapToObj(n -> system.spawn(leaf(sink), "leaf-" + n)).toList();
    root = system.spawn(root(all), "root");
  }

  private static Behavior<Signal> root(List<ActorRef<Signal>> leaves) {
    return Behaviors.receiveMessage(go -> {
      leaves.forEach(leaf -> leaf.tell(go));
      return Behaviors.same();
    });
  }

  private static Behavior<Signal> leaf(ActorRef<Signal> sink) {
    return Behaviors.receiveMessage(go -> {
      sink.tell(go);
      return Behaviors.same();
    });
  }

  private static Behavior<Signal> sink(FanIn heard) {
    return Behaviors.receiveMessage(_ -> {
      heard.one();
      return Behaviors.same();
    });
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
