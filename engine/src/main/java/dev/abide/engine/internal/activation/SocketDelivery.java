package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.socket.Connection;
import dev.abide.engine.internal.socket.Message;
import dev.abide.engine.internal.socket.SocketDoor;
import dev.abide.engine.internal.socket.SocketGate;
import org.jspecify.annotations.Nullable;

/** The way of one object's sockets into its mailbox. */
final class SocketDelivery implements SocketDoor {
  private final ObjectTarget target;

  /**
   * For a connection.
   *
   * @param target its own: with that of a call it would keep the activation that the call found
   */
  SocketDelivery(ObjectTarget target) {
    this.target = target;
  }

  @Override
  public Delivery message(Connection connection, Message message) {
    Activation taken = deliver(new SocketTurn.Received(connection, message));
    if (taken == null) {
      return Delivery.REFUSED;
    }
    return taken.length() < target.type.mailboxMax() ? Delivery.ACCEPTED : Delivery.FULL;
  }

  @Override
  public void met(Limit limit) {
    target.engine.meter.met(limit);
  }

  @Override
  public void ended(Connection connection, int code, String reason) {
    // An engine that closes or has failed tells no object: it would wake all that have sockets.
    var _ = deliver(new SocketTurn.Closed(connection, code, reason));
  }

  /** Who took the turn, or null if the engine takes nothing any more. */
  private @Nullable Activation deliver(SocketTurn turn) {
    while (target.engine.mayInline()) {
      // Not kept: an object may sleep for as long as the connection is quiet.
      Activation activation = target.look();
      switch (activation.acceptReserved(turn)) {
        case QUEUED, OWNED -> {
          return activation;
        }
        case RETIRED -> target.type.remove(activation);
        case FULL ->
            // As many turns as a word can count: more than there can be sockets.
            Thread.yield();
      }
    }
    return null;
  }

  /** How the sockets of an engine know what is durable. */
  static SocketGate gate(Engine engine) {
    return new SocketGate() {
      @Override
      public boolean passed(long durable, long written) {
        return durable <= engine.store.durable() && written <= engine.store.written();
      }

      @Override
      public void await(long durable, long written) {
        engine.gate.await(new Seen(durable, written));
      }

      @Override
      public void start(Runnable work) {
        Thread.ofVirtual().name("abide-outbox").start(work);
      }

      @Override
      public void failed(String type, String id, Throwable failure) {
        engine.reports.tellLater(
            new Report(
                Report.Kind.INTERNAL,
                type,
                id,
                "output to clients of " + type + "/" + id + " could not leave: " + failure,
                failure));
      }
    };
  }
}
