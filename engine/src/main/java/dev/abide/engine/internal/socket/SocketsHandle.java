package dev.abide.engine.internal.socket;

import dev.abide.engine.ClientSocket;
import dev.abide.engine.LimitException;
import dev.abide.engine.ServerEvent;
import dev.abide.engine.SocketRequest;
import dev.abide.engine.Sockets;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.Upgrade;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An instance's way to its object's sockets. */
public final class SocketsHandle implements Sockets {
  private static final int ANSWER_LENGTH_MAX = 1024;

  private final ObjectSockets sockets;
  private final SocketGuard guard;

  /** A way that is open while the guard says so. */
  public SocketsHandle(ObjectSockets sockets, SocketGuard guard) {
    this.sockets = sockets;
    this.guard = guard;
  }

  /** The socket as the instance sees it. */
  public ClientSocket socket(Connection connection) {
    return new SocketHandle(sockets, guard, connection);
  }

  /** The request of a client that plugs in now. */
  public SocketRequest request(Connection connection, Upgrade upgrade) {
    return new RequestHandle(guard, connection, upgrade);
  }

  @Override
  public List<ClientSocket> all() {
    return those(connection -> true);
  }

  @Override
  public List<ClientSocket> tagged(String tag) {
    return those(connection -> connection.tags.contains(tag));
  }

  @Override
  public Optional<ClientSocket> find(String id) {
    return those(connection -> connection.id.equals(id)).stream().findFirst();
  }

  private List<ClientSocket> those(Predicate<Connection> wanted) {
    guard.reading();
    return sockets.present().stream().filter(wanted).map(this::socket).toList();
  }

  @Override
  public void broadcast(String text) {
    broadcast(Frame.of(text), connection -> true);
  }

  @Override
  public void broadcast(String text, ClientSocket except) {
    broadcast(Frame.of(text), but(except));
  }

  @Override
  public void broadcast(ServerEvent event) {
    broadcast(Frame.of(event), connection -> true);
  }

  @Override
  public void broadcast(ServerEvent event, ClientSocket except) {
    broadcast(Frame.of(event), but(except));
  }

  @Override
  public void broadcast(byte[] bytes) {
    broadcast(Frame.of(bytes), connection -> !connection.listens);
  }

  @Override
  public void broadcast(byte[] bytes, ClientSocket except) {
    broadcast(Frame.of(bytes), but(except).and(connection -> !connection.listens));
  }

  private static Predicate<Connection> but(ClientSocket except) {
    return connection -> !connection.id.equals(except.id());
  }

  private void broadcast(Frame frame, Predicate<Connection> wanted) {
    guard.sending();
    sockets.send(sockets.present().stream().filter(wanted).toList(), frame);
  }

  @Override
  public void answer(String text, String reply) {
    guard.sending();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the empty message cannot have a fixed answer");
    }
    check("message", text);
    check("reply", reply);
    sockets.answer(text, Frame.of(reply));
  }

  private static void check(String what, String text) {
    if (text.length() > ANSWER_LENGTH_MAX) {
      throw new LimitException(
          "the "
              + what
              + " of a fixed answer has "
              + text.length()
              + " characters; the limit is "
              + ANSWER_LENGTH_MAX
              + ". Answer longer ones in onText",
          text.length(),
          ANSWER_LENGTH_MAX);
    }
  }
}
