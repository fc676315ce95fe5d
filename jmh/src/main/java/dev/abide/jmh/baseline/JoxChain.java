package dev.abide.jmh.baseline;

import dev.abide.jmh.Chained;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Threads behind channels that hand a message on, each to the next; the last one answers. */
public final class JoxChain implements Chained {
  private record Follow(int told, CompletableFuture<Integer> reply) {}

  /** The last one first. */
  private final List<JoxActor<Follow>> links = new ArrayList<>();

  /** This many. */
  public JoxChain(int length) {
    links.add(new JoxActor<>(message -> message.reply().complete(message.told() + 1)));
    while (links.size() < length) {
      JoxActor<Follow> next = links.getLast();
      links.add(
          new JoxActor<>(message -> next.send(new Follow(message.told() + 1, message.reply()))));
    }
  }

  @Override
  public int follow() {
    CompletableFuture<Integer> reply = new CompletableFuture<>();
    links.getLast().send(new Follow(0, reply));
    return reply.join();
  }

  @Override
  public void close() {
    links.forEach(JoxActor::close);
  }
}
