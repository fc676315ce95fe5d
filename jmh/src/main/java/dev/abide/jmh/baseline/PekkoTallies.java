package dev.abide.jmh.baseline;

import dev.abide.jmh.Tallies;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Numbers in typed Pekko actors, asked as Pekko's documentation does it: a message with a reply
 * address, and a stage. The number is a field, and the behavior stays the same. Differs from an
 * object: a mailbox has no bound, and an ask always crosses threads twice.
 */
public final class PekkoTallies implements Tallies {
  /** A message to a tally. */
  public sealed interface Message permits Add, Tell, Stop {}

  private record Add(long by, ActorRef<Long> replyTo) implements Message {}

  private record Tell(long by) implements Message {}

  private record Stop() implements Message {}

  private final PekkoSystem system = new PekkoSystem();
  private final List<ActorRef<Message>> actors;

  /** This many. */
  public PekkoTallies(int count) {
    actors = IntStream.range(0, count).mapToObj(n -> spawn("tally-" + n)).toList();
  }

  /** One actor's number, in a field: its messages come one after the other. */
  private static final class Counter {
    private final PlainTally tally = new PlainTally();

    Behavior<Message> on(Message message) {
      switch (message) {
        case Add add -> add.replyTo().tell(tally.add(add.by()));
        case Tell tell -> {
          var _ = tally.add(tell.by());
        }
        case Stop _ -> {
          return Behaviors.stopped();
        }
      }
      return Behaviors.same();
    }
  }

  private static Behavior<Message> tally() {
    return Behaviors.setup(_ -> Behaviors.receiveMessage(new Counter()::on));
  }

  /** One more, which is not among the numbered ones. */
  public ActorRef<Message> spawn(String name) {
    return system.spawn(tally(), name);
  }

  /** Many more, all on their way at once. */
  public List<ActorRef<Message>> spawnAll(List<String> names) {
    return system.spawnAll(PekkoTallies::tally, names);
  }

  /** Asks any, and waits. */
  public long ask(ActorRef<Message> tally, long by) {
    CompletionStage<Long> sum =
        AskPattern.ask(
            tally, replyTo -> new Add(by, replyTo), PekkoSystem.TIMEOUT, system.scheduler());
    return sum.toCompletableFuture().join();
  }

  /** Ends one that was spawned. */
  public void stop(ActorRef<Message> tally) {
    tally.tell(new Stop());
  }

  @Override
  public int size() {
    return actors.size();
  }

  @Override
  public long add(int tally, long by) {
    return ask(actors.get(tally), by);
  }

  @Override
  public void tell(int tally, long by) {
    actors.get(tally).tell(new Tell(by));
  }

  @Override
  public void close() {
    system.close();
  }
}
