package dev.abide.engine.internal.activation;

import dev.abide.engine.OnSocket;
import dev.abide.engine.Report;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.socket.Connection;
import dev.abide.engine.internal.socket.Message;
import dev.abide.engine.internal.socket.ObjectSockets;
import dev.abide.engine.internal.socket.SocketsHandle;
import dev.abide.engine.spi.Upgrade;
import java.util.Objects;

/** A turn that a client's connection begins. */
abstract class SocketTurn extends EngineTurn {
  final Connection connection;

  SocketTurn(Connection connection) {
    this.connection = connection;
    this.caller = connection.caller();
  }

  private static OnSocket hook(Activation activation) {
    Object instance = activation.awake();
    if (instance instanceof OnSocket hook) {
      return hook;
    }
    throw new IllegalStateException(
        activation.type.name()
            + " lets clients plug in, and "
            + instance.getClass().getName()
            + " has no OnSocket to take them; implement dev.abide.engine.OnSocket");
  }

  /** What has gone wrong, as far as it may be told already. */
  void report(Activation activation, String what, Throwable failure) {
    Engine engine = activation.engine;
    if (!engine.mayInline()) {
      return; // all sockets are about to be closed, and why is known
    }
    engine.gate.after(
        activation.seen(),
        () ->
            engine.reports.tell(
                new Report(
                    Report.Kind.SOCKET_FAILED,
                    activation.type.name(),
                    activation.id,
                    what + " of " + activation + " failed: " + failure,
                    failure)));
  }

  /** A client wants to plug in. */
  static final class Open extends SocketTurn implements QueuedTurn.Completion {
    private final Upgrade upgrade;

    Open(Connection connection, Upgrade upgrade) {
      super(connection);
      this.upgrade = upgrade;
      this.completion = this;
    }

    @Override
    void run(Activation activation) throws Exception {
      OnSocket hook = hook(activation);
      SocketsHandle sockets = activation.socketsHandle();
      activation.sockets().add(connection);
      hook.onOpen(sockets.socket(connection), sockets.request(connection, upgrade));
    }

    @Override
    void failed(Activation activation, Throwable failure) {
      Seen seen = activation.seen();
      activation.sockets().refuse(connection, failure, seen.durable(), seen.written());
      if (!(failure instanceof SocketRefusedException)) {
        report(activation, "onOpen", failure);
      }
    }

    /** Taken out of the mailbox, or late: then what the turn does itself comes second. */
    @Override
    public void ended(QueuedTurn turn) {
      if (turn.done()) {
        connection.over();
      }
      Throwable left = turn.cancelled() ? turn.refusal() : turn.departure();
      if (left != null) {
        connection.refuse(left);
      }
    }

    /** Till then the mailbox held what the client had sent, and its connection. */
    @Override
    public void passedOver(QueuedTurn turn) {
      connection.over();
    }
  }

  /** A client has sent something. */
  static final class Received extends SocketTurn implements QueuedTurn.Completion {
    private final Message message;

    Received(Connection connection, Message message) {
      super(connection);
      this.message = message;
      this.completion = this;
    }

    @Override
    void run(Activation activation) throws Exception {
      if (connection.heard()) {
        OnSocket hook = hook(activation);
        message.deliver(hook, activation.socketsHandle().socket(connection));
      }
    }

    @Override
    void failed(Activation activation, Throwable failure) {
      if (!activation.engine.mayInline()) {
        return;
      }
      ObjectSockets home = Objects.requireNonNull(connection.home());
      Seen seen = activation.seen();
      home.closeFailed(connection, failure, seen.durable(), seen.written());
      report(activation, "the turn of a client's message", failure);
    }

    @Override
    public void ended(QueuedTurn turn) {
      connection.ended(message);
    }
  }

  /** A connection has ended. */
  static final class Closed extends SocketTurn {
    private final int code;
    private final String reason;

    Closed(Connection connection, int code, String reason) {
      super(connection);
      this.code = code;
      this.reason = reason;
    }

    @Override
    void run(Activation activation) throws Exception {
      ObjectSockets home = connection.home();
      if (home == null || !connection.mourned()) {
        return;
      }
      home.remove(connection);
      if (connection.listens() && !(activation.awake() instanceof OnSocket)) {
        return; // it came by a request, and the object need not ask for its end
      }
      OnSocket hook = hook(activation);
      hook.onClose(activation.socketsHandle().socket(connection), code, reason);
    }

    @Override
    void failed(Activation activation, Throwable failure) {
      report(activation, "onClose", failure);
    }
  }
}
