package dev.abide.jmh.baseline;

import com.cajunsystems.ActorContext;
import com.cajunsystems.Pid;
import com.cajunsystems.handler.Handler;
import dev.abide.jmh.Chained;
import org.jspecify.annotations.Nullable;

/** Actors of Cajun's that hand a message on, each to the next; the last one answers who asked. */
public final class CajunChain implements Chained {
  private record Follow(int told, @Nullable Pid replyTo) {}

  private final CajunSystem system = new CajunSystem();
  private final Pid first;

  /** This many. */
  public CajunChain(int length) {
    Pid next = null;
    for (int link = length; link > 1; link--) {
      next = system.spawn(new Link(next), "link-" + link);
    }
    first = system.spawn(new Link(next), "link-1");
  }

  private static final class Link implements Handler<Follow> {
    private final @Nullable Pid next;

    Link(@Nullable Pid next) {
      this.next = next;
    }

    @Override
    public void receive(Follow message, ActorContext context) {
      // Only the first one is asked; to the others the sender is the one before.
      Pid replyTo =
          message.replyTo() == null ? context.getSender().orElseThrow() : message.replyTo();
      if (next == null) {
        context.tell(replyTo, message.told() + 1);
      } else {
        context.tell(next, new Follow(message.told() + 1, replyTo));
      }
    }
  }

  @Override
  public int follow() {
    return first.<Follow, Integer>ask(new Follow(0, null), CajunSystem.TIMEOUT).get();
  }

  @Override
  public void close() {
    system.close();
  }
}
