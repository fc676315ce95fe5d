package dev.abide.jmh.baseline;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.LoggerFactory;

/**
 * A typed actor system whose guardian spawns what it is asked for. All is as Pekko sets it but for
 * its dispatchers' {@code minimum-runnable}, which is 4: with the default, asks starve on JDK 25.
 */
public final class PekkoSystem implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  static {
    // Before the dispatchers' threads ask for loggers at once, of which SLF4J would warn.
    var _ = LoggerFactory.getILoggerFactory();
  }

  private record Spawn(
      Behavior<Object> behavior, String name, ActorRef<ActorRef<Object>> replyTo) {}

  private final ActorSystem<Spawn> system;

  /** Starts it. */
  public PekkoSystem() {
    system =
        ActorSystem.create(
            Behaviors.setup(context ->
                Behaviors.receiveMessage(spawn -> {
                  spawn.replyTo().tell(context.spawn(spawn.behavior(), spawn.name()));
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

  /** A new actor. */
  public <M> ActorRef<M> spawn(Behavior<M> behavior, String name) {
    return spawning(behavior, name).toCompletableFuture().join();
  }

  /** New actors, of the same behavior; the guardian is asked for all before the first is there. */
  public <M> List<ActorRef<M>> spawnAll(Supplier<Behavior<M>> behavior, List<String> names) {
    return names.stream().map(name -> spawning(behavior.get(), name)).toList().stream()
        .map(made -> made.toCompletableFuture().join())
        .toList();
  }

  @SuppressWarnings("unchecked") // what goes in as a behavior of M comes back as its address
  private <M> CompletionStage<ActorRef<M>> spawning(Behavior<M> behavior, String name) {
    return AskPattern.<Spawn, ActorRef<Object>>ask(
            system,
            replyTo -> new Spawn((Behavior<Object>) behavior, name, replyTo),
            TIMEOUT,
            system.scheduler())
        .thenApply(actor -> (ActorRef<M>) (ActorRef<?>) actor);
  }

  /** For asks. */
  public Scheduler scheduler() {
    return system.scheduler();
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
