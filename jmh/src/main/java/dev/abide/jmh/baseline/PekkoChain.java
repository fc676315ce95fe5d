package dev.abide.jmh.baseline;

import dev.abide.jmh.Chained;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Actors that hand a message on, each to the next; the last one answers who asked. */
public final class PekkoChain implements Chained {
  private record Follow(int told, ActorRef<Integer> replyTo) {}

  private final PekkoSystem system = new PekkoSystem();
  private final ActorRef<Follow> first;

  /** This many. */
  public PekkoChain(int length) {
    ActorRef<Follow> next = null;
    for (int link = length; link > 1; link--) {
      next = system.spawn(link(next), "link-" + link);
    }
    first = system.spawn(link(next), "link-1");
  }

  private static Behavior<Follow> link(@Nullable ActorRef<Follow> next) {
    return Behaviors.receiveMessage(message -> {
      if (next == null) {
        message.replyTo().tell(message.told() + 1);
      } else {
        next.tell(new Follow(message.told() + 1, message.replyTo()));
      }
      return Behaviors.same();
    });
  }

  @Override
  public int follow() {
    CompletionStage<Integer> told =
        AskPattern.ask(
            first, replyTo -> new Follow(0, replyTo), PekkoSystem.TIMEOUT, system.scheduler());
    return told.toCompletableFuture().join();
  }

  @Override
  public void close() {
    system.close();
  }
}
