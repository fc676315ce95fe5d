package dev.abide.jmh.baseline;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.ChannelDoneException;
import dev.abide.jmh.Tallies;
import java.util.concurrent.CompletableFuture;
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

  private final Channel<Add>[] channels;
  private final Thread[] owners;

  /** This many, each with its thread. */
  @SuppressWarnings("unchecked") // an array of a generic type
  public JoxTallies(int count) {
    channels =
        Stream.generate(Channel::<Add>newBufferedDefaultChannel)
            .limit(count)
            .toArray(Channel[]::new);
    owners =
        Stream.of(channels)
            .map(channel -> Thread.ofVirtual().start(() -> own(channel)))
            .toArray(Thread[]::new);
  }

  private static void own(Channel<Add> channel) {
    PlainTally tally = new PlainTally();
    try {
      while (true) {
        Add message = channel.receive();
        long sum = tally.add(message.by());
        if (message.reply() != null) {
          message.reply().complete(sum);
        }
      }
    } catch (ChannelDoneException e) {
      // Closed: the end of this thread.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int size() {
    return channels.length;
  }

  @Override
  public long add(int tally, long by) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    send(tally, new Add(by, reply));
    return reply.join();
  }

  @Override
  public void tell(int tally, long by) {
    send(tally, new Add(by, null));
  }

  private void send(int tally, Add message) {
    try {
      channels[tally].send(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a tally was sent to", e);
    }
  }

  @Override
  public void close() {
    for (Channel<Add> channel : channels) {
      channel.done();
    }
    for (Thread owner : owners) {
      try {
        owner.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
