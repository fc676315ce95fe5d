package dev.abide.jmh.baseline;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An actor that tells many, which tell one. */
public final class PekkoFan implements AutoCloseable {
  private enum Signal {
    GO
  }

  private final PekkoSystem system = new PekkoSystem();
  private final ActorRef<Signal> root;

  /** With this many leaves, and what the sink does when it heard from all. */
  public PekkoFan(int leaves, Runnable complete) {
    ActorRef<Signal> sink =
        system.spawn(
            Behaviors.setup(_ -> Behaviors.receiveMessage(new Sink(leaves, complete)::on)), "sink");
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

  /** Counts in a field: its messages come one after the other. */
  private static final class Sink {
    private final int leaves;
    private final Runnable complete;
    private int heard;

    Sink(int leaves, Runnable complete) {
      this.leaves = leaves;
      this.complete = complete;
    }

    Behavior<Signal> on(Signal signal) {
      heard++;
      if (heard == leaves) {
        heard = 0;
        complete.run();
      }
      return Behaviors.same();
    }
  }

  /** Tells the root. */
  public void out() {
    root.tell(Signal.GO);
  }

  @Override
  public void close() {
    system.close();
  }
}
