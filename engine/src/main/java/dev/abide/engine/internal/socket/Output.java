package dev.abide.engine.internal.socket;

import dev.abide.engine.spi.Frame;
import java.util.List;
import java.util.Map;

/** Something that leaves an object by its sockets, once it may. */
sealed interface Output {
  /** Lets it go. */
  void release();

  /** It will never be durable, so it never goes. */
  default void drop(Throwable why) {}

  /** A client is told that it is plugged in. */
  record Opened(Connection connection) implements Output {
    @Override
    public void release() {
      connection.open();
    }

    @Override
    public void drop(Throwable why) {
      connection.refuse(why);
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
      for (Connection connection : to) {
        connection.send(frame);
      }
    }
  }

  /** A close. */
  record Closed(Connection connection, int code, String reason) implements Output {
    @Override
    public void release() {
      connection.close(code, reason);
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
