package dev.abide.jmh.baseline;

import dev.abide.jmh.Tallies;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, each owned by a virtual thread that receives from a jox channel of the default capacity
 * (16); a call sends a message with a future and waits for it, as jox's own actors do. Differs from
 * an object: a parked virtual thread stays for each idle number, and a sender waits where the
 * channel is full.
 */
public final class JoxTallies implements Tallies {
  private record Add(long by, @Nullable CompletableFuture<Long> reply) {}

  private final List<JoxActor<Add>> actors;

  /** This many, each with its thread. */
  public JoxTallies(int count) {
    actors = Stream.generate(() -> new JoxActor<>(counter())).limit(count).toList();
  }

  private static Consumer<Add> counter() {
    PlainTally tally = new PlainTally();
    return message -> {
      long sum = tally.add(message.by());
      if (message.reply() != null) {
        message.reply().complete(sum);
      }
    };
  }

  @Override
  public int size() {
    return actors.size();
  }

  @Override
  public long add(int tally, long by) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    actors.get(tally).send(new Add(by, reply));
    return reply.join();
  }

  @Override
  public void tell(int tally, long by) {
    actors.get(tally).send(new Add(by, null));
  }

  @Override
  public void close() {
    actors.forEach(JoxActor::close);
  }
}
