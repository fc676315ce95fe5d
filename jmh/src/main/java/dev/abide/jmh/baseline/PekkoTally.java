package dev.abide.jmh.baseline;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A number in a typed Pekko actor, asked as Pekko's documentation does it: a message with a reply
 * address, and a stage. One actor each, under one guardian.
 */
public final class PekkoTally implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A message to a tally. */
  public record Add(long by, ActorRef<Long> replyTo) {}

  private record Spawn(String name, ActorRef<ActorRef<Add>> replyTo) {}

  private final ActorSystem<Spawn> system;

  /** Starts a system. Its dispatcher has the threads that it needs on two cores, see the docs. */
  public PekkoTally() {
    system =
        ActorSystem.create(
            Behaviors.setup(context ->
                Behaviors.receiveMessage(spawn -> {
                  spawn.replyTo().tell(context.spawn(tally(0), spawn.name()));
                  return Behaviors.same();
                })),
            "bench",
            ConfigFactory.parseString(
                    """
                    pekko.loglevel=WARNING
                    pekko.actor.default-dispatcher.fork-join-executor.minimum-runnable=4
                    pekko.actor.internal-dispatcher.fork-join-executor.minimum-runnable=4
                    """)
                .withFallback(ConfigFactory.load()));
  }

  private static Behavior<Add> tally(long count) {
    return Behaviors.receiveMessage(message -> {
      long sum = count + message.by();
      message.replyTo().tell(sum);
      return tally(sum);
    });
  }

  /** A new tally. */
  public ActorRef<Add> spawn(String name) {
    CompletionStage<ActorRef<Add>> made =
        AskPattern.ask(system, replyTo -> new Spawn(name, replyTo), TIMEOUT, system.scheduler());
    return made.toCompletableFuture().join();
  }

  /** Asks and waits. */
  public long add(ActorRef<Add> tally, long by) {
    CompletionStage<Long> sum =
        AskPattern.ask(tally, replyTo -> new Add(by, replyTo), TIMEOUT, system.scheduler());
    return sum.toCompletableFuture().join();
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
