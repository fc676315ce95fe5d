package dev.abide.engine.spi;

import dev.abide.engine.Response;
import org.jspecify.annotations.Nullable;

/**
 * A client that waits for a response, as the engine uses it; an adapter implements it.
 *
 * <p>The first answer counts: one of {@link #respond}, {@link #begin}, {@link SocketWire#open} of
 * what {@link #listen} gave, and {@link #refuse}. What comes later is for nobody, and nothing is
 * wrong with it: a client's time may run out while the object answers.
 *
 * <p>Threading: called from any thread; but for {@link Sink} nothing blocks and nothing throws.
 */
public interface RequestWire {
  /** A response whose body is bytes. It may leave. */
  void respond(Response response);

  /**
   * The head of a response whose body follows. It may leave. On a virtual thread.
   *
   * @return where to write, or null if nobody waits any more
   */
  @Nullable Sink begin(Response response);

  /** The wire of a client that will listen to events; opened if its turn ends well. */
  Listener listen(Response response);

  /**
   * The request is not answered by the object.
   *
   * @param why an {@link dev.abide.engine.AbideException}, or what the object threw
   */
  void refuse(Throwable why);

  /**
   * The turn is over, or will never run: the engine holds the request no longer, but for a body
   * that is being written. Told once or twice, before the answer or after it: one by a deadline
   * comes while the turn still runs.
   */
  default void over() {}

  /** A client that listens; nothing comes from it but its end. */
  interface Listener extends SocketWire {
    /** Where to tell what happens to it; before all else. */
    void connect(SocketEvents events);
  }

  /** Where a body is written. For one virtual thread. */
  interface Sink {
    /**
     * Writes, and waits until the client or the system has taken it.
     *
     * @throws java.io.IOException if the client is gone or does not read, or the thread was
     *     interrupted: then the connection is cut
     */
    void write(byte[] bytes, int from, int length) throws java.io.IOException;

    /** The body is whole. */
    void end();

    /** The body stays a part; the client can tell. */
    void cut();
  }
}
