package dev.abide.jmh.baseline;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.ChannelDoneException;
import java.util.function.Consumer;

/** A virtual thread that receives from a jox channel of the default capacity (16). */
final class JoxActor<M> implements AutoCloseable {
  private final Channel<M> channel = Channel.newBufferedDefaultChannel();
  private final Thread owner;

  /** Starts it, with what it does with each message. */
  JoxActor(Consumer<? super M> behavior) {
    owner = Thread.ofVirtual().start(() -> own(behavior));
  }

  private void own(Consumer<? super M> behavior) {
    try {
      while (true) {
        behavior.accept(channel.receive());
      }
    } catch (ChannelDoneException e) {
      // Closed: the end of this thread.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits where the channel is full. */
  void send(M message) {
    try {
      channel.send(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a channel was sent to", e);
    }
  }

  /** Returns when all that was sent was received and the thread has ended. */
  @Override
  public void close() {
    channel.done();
    try {
      owner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
