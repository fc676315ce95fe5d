package dev.abide.engine.internal.socket;

import dev.abide.engine.spi.Frame;
import java.util.List;
import java.util.Map;

/**
 * Something that leaves an object by its sockets, once it may. Wires should not throw; where one
 * does, what comes behind goes on.
 */
sealed interface Output {
  String CANNOT_GO_ON = "the server cannot go on";

  /** Lets it go. */
  void release();

  /**
   * It will never be durable as far as anybody knows, so it never goes. A client that misses
   * something does not stay: it could not tell.
   */
  default void drop(Throwable why) {}

  /** A client is told that it is plugged in. */
  record Opened(Connection connection) implements Output {
    @Override
    public void release() {
      connection.open();
    }

    @Override
    public void drop(Throwable why) {
      connection.dropped(why);
    }
  }

  /** A client is told that it may not plug in. What an object says depends on what it has seen. */
  record Refused(Connection connection, Throwable failure) implements Output {
    @Override
    public void release() {
      connection.refuse(failure);
    }

    @Override
    public void drop(Throwable why) {
      connection.refuse(why);
    }
  }

  /** A message. */
  record Sent(List<Connection> to, Frame frame) implements Output {
    @Override
    public void release() {
      RuntimeException failed = null;
      for (Connection connection : to) {
        try {
          connection.send(frame);
        } catch (RuntimeException broken) {
          failed = broken;
          connection.close(1011, CANNOT_GO_ON);
        }
      }
      if (failed != null) {
        throw failed;
      }
    }

    @Override
    public void drop(Throwable why) {
      to.forEach(connection -> connection.close(1011, CANNOT_GO_ON));
    }
  }

  /** A close. */
  record Closed(Connection connection, int code, String reason) implements Output {
    @Override
    public void release() {
      connection.close(code, reason);
    }

    @Override
    public void drop(Throwable why) {
      connection.close(1011, CANNOT_GO_ON);
    }
  }

  /** Answers that wake nothing; a reply may tell what a commit holds. */
  record Answers(ObjectSockets sockets, Map<String, Frame> answers) implements Output {
    @Override
    public void release() {
      sockets.publishAnswers(answers);
    }
  }
}
