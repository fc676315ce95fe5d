package dev.abide.engine.internal.activation;

import dev.abide.engine.ClientSocket;
import dev.abide.engine.OnRequest;
import dev.abide.engine.Request;
import dev.abide.engine.ResetException;
import dev.abide.engine.Response;
import dev.abide.engine.Steps;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.socket.Connection;
import dev.abide.engine.spi.RequestWire;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A turn that a raw request begins. Bytes leave behind the gate; a stream is background work, which
 * begins behind it; a listener of events is a socket, whose opening waits in the outbox for it.
 */
final class RequestTurn extends EngineTurn implements QueuedTurn.Completion {
  private final ObjectTarget target;

  /*
   * Both are dropped when the turn has ended: one that was taken out stays linked in the mailbox
   * until the object comes to it, the last one of an object stays longer, and behind the wire there
   * is a connection with its buffers.
   */
  private @Nullable RequestWire wire;
  private @Nullable Request request;

  /** Written by the turn, read when it is done. */
  private @Nullable Response response;

  RequestTurn(ObjectTarget target, Request request, RequestWire wire) {
    this.target = target;
    this.request = request;
    this.wire = wire;
    this.caller = request.caller().orElse(null);
    this.completion = this;
  }

  @Override
  void run(Activation activation) throws Exception {
    if (!(activation.awake() instanceof OnRequest hook)) {
      throw new IllegalStateException(
          activation.type.name()
              + " takes requests, and "
              + activation.awake().getClass().getName()
              + " has no OnRequest for them; implement dev.abide.engine.OnRequest");
    }
    RequestWire client = Objects.requireNonNull(wire);
    Response made =
        Objects.requireNonNull(hook.onRequest(Objects.requireNonNull(request)), "the response");
    switch (made.body()) {
      case Response.Bytes bytes -> {}
      case Response.Streamed streamed ->
          activation.background().hold(new Writer(client, made, streamed.writing()));
      case Response.Events events -> {
        RequestWire.Listener listener = client.listen(made);
        Connection connection =
            new Connection(
                activation.engine.sockets,
                new SocketDelivery(target),
                listener,
                caller,
                /* listens */ true);
        listener.connect(connection);
        activation.sockets().add(connection);
        ClientSocket socket = activation.socketsHandle().socket(connection);
        events.opened().accept(socket);
      }
    }
    response = made;
  }

  /**
   * Taken out of the mailbox, late, or done: late and then done is told twice, and wires know. The
   * two may even meet: a scanner that has just let the client go may find the turn done. Then both
   * go the way of the turn that is done, or one finds that the other has taken the wire.
   */
  @Override
  public void ended(QueuedTurn turn) {
    RequestWire client = wire;
    if (client == null) {
      return;
    }
    if (turn.done()) {
      letGo(client);
      Response made = response;
      response = null;
      target.engine.gate.after(
          new Seen(turn.commit, turn.written),
          turn.more,
          failure -> refuse(client, failure),
          () -> outcome(client, turn.failure, made));
    } else if (turn.cancelled()) {
      letGo(client);
      refuse(client, Objects.requireNonNull(turn.refusal()));
    } else {
      // It runs on, with its request.
      refuse(client, Objects.requireNonNull(turn.departure()));
    }
  }

  /** It has run, or never will: nobody reads the fields beside this. */
  private void letGo(RequestWire client) {
    wire = null;
    request = null;
    client.over();
  }

  private static void outcome(
      RequestWire client, @Nullable Throwable failed, @Nullable Response made) {
    if (failed != null) {
      refuse(client, failed);
    } else if (made != null && made.body() instanceof Response.Bytes) {
      client.respond(made);
    }
  }

  private static void refuse(RequestWire client, Throwable why) {
    client.refuse(Once.crossed(why));
  }

  /** A body that is written beside the turns. */
  static final class Writer implements Steps<Exception> {
    private final RequestWire wire;
    private final Response response;
    private final Response.Writing writing;

    Writer(RequestWire wire, Response response, Response.Writing writing) {
      this.wire = wire;
      this.response = response;
      this.writing = writing;
    }

    @Override
    public void run() throws Exception {
      RequestWire.Sink sink = wire.begin(response);
      if (sink == null) {
        return;
      }
      Out out = new Out(sink);
      boolean whole = false;
      try {
        writing.writeTo(out);
        whole = true;
      } catch (Exception failure) {
        if (!out.broken) {
          throw failure;
        }
        // The client is gone, or does not read: that is no failure of the object.
      } finally {
        if (whole && !out.broken) {
          sink.end();
        } else {
          sink.cut();
        }
        out.over = true;
      }
    }

    /** The instance went before this began. */
    void gone() {
      wire.refuse(
          Once.crossed(
              new ResetException(
                  "the object was reset, deleted or closed before it wrote its response")));
    }
  }

  /** What the object writes to. */
  private static final class Out extends OutputStream {
    private final RequestWire.Sink sink;

    /** Whether a write has failed. Of the writing thread. */
    private boolean broken;

    /** Volatile: whoever keeps the stream may be anybody. */
    private volatile boolean over;

    Out(RequestWire.Sink sink) {
      this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      if (over || broken) {
        throw new IOException("the response has ended");
      }
      try {
        sink.write(bytes, from, length);
      } catch (IOException gone) {
        broken = true;
        throw gone;
      }
    }
  }
}
