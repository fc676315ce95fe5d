package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.Caller;
import dev.abide.engine.Request;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.socket.Connection;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.RequestWire;
import dev.abide.engine.spi.SocketEvents;
import dev.abide.engine.spi.SocketWire;
import dev.abide.engine.spi.Upgrade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The door of one engine. */
public final class AsyncDoor implements Door {
  private final Engine engine;

  /** For {@link Door#of}. */
  public AsyncDoor(Engine engine) {
    this.engine = engine;
  }

  @Override
  public List<String> types() {
    return engine.hostedNames();
  }

  @Override
  public @Nullable Descriptor<?> descriptor(String type) {
    HostedType<?> hosted = engine.hosted(type);
    return hosted == null ? null : hosted.descriptor();
  }

  @Override
  public void call(
      String type,
      String id,
      MethodDescriptor method,
      Object[] arguments,
      @Nullable Caller caller,
      @Nullable Duration deadline,
      Answer answer) {
    HostedType<?> hosted = engine.hosted(type);
    if (hosted == null) {
      throw new IllegalArgumentException("no type named \"" + type + "\" is hosted by this engine");
    }
    if (!method.exposed()) {
      throw new IllegalArgumentException(
          type + "." + method.name() + " is not @Exposed, so it is not reachable through a door");
    }
    ObjectTarget target = engine.target(hosted, id);
    Call call = hosted.descriptor().call(method, arguments);
    try {
      if (method.oneWay()) {
        Calls.submit(target, call, caller, deadline, new OneWay(target, answer));
        engine.gate.after(Seen.NOTHING, () -> answer.value(null));
      } else {
        Calls.submit(target, call, caller, deadline, new Once(engine, answer));
      }
    } catch (AbideException refused) {
      answer.over();
      engine.gate.after(Seen.NOTHING, () -> answer.failure(refused));
    }
  }

  @Override
  public SocketEvents connect(
      String type,
      String id,
      Upgrade upgrade,
      @Nullable Caller caller,
      Duration deadline,
      SocketWire wire) {
    HostedType<?> hosted = engine.hosted(type);
    if (hosted == null || !hosted.descriptor().sockets()) {
      throw new IllegalArgumentException(
          "no type named \""
              + type
              + "\" is hosted by this engine and lets clients plug in; annotate its interface with"
              + " @Exposed(sockets = true)");
    }
    ObjectTarget target = engine.target(hosted, id);
    Connection connection =
        new Connection(engine.sockets, new SocketDelivery(engine.target(hosted, id)), wire, caller);
    try {
      Calls.submit(target, new SocketTurn.Open(connection, upgrade), deadline);
    } catch (AbideException refused) {
      connection.over();
      connection.refuse(refused);
    }
    return connection;
  }

  @Override
  public void request(
      String type, String id, Request request, Duration deadline, RequestWire wire) {
    HostedType<?> hosted = engine.hosted(type);
    if (hosted == null || !hosted.descriptor().requests()) {
      throw new IllegalArgumentException(
          "no type named \""
              + type
              + "\" is hosted by this engine and takes requests; annotate its interface with"
              + " @Exposed(requests = true)");
    }
    ObjectTarget target = engine.target(hosted, id);
    try {
      Calls.submit(target, new RequestTurn(target, request, wire), deadline);
    } catch (AbideException refused) {
      wire.over();
      wire.refuse(refused);
    }
  }

  /** The end of a one-way call: its answer was that it has been accepted. */
  static final class OneWay implements QueuedTurn.Completion {
    private final ObjectTarget target;
    private final Answer answer;
    private final AtomicBoolean reported = new AtomicBoolean();

    OneWay(ObjectTarget target, Answer answer) {
      this.target = target;
      this.answer = answer;
    }

    /**
     * Told twice where a deadline passes while the turn runs: by the scanner, and by the runner.
     * The scanner finds it running, the runner publishes its end, the scanner comes here: both find
     * it done then, and one of them reports. Of a turn that is not done nothing may be read yet.
     */
    @Override
    public void ended(QueuedTurn turn) {
      boolean done = turn.done();
      try {
        if (done) {
          answer.over();
        }
      } finally {
        if ((done || turn.cancelled()) && reported.compareAndSet(false, true)) {
          target.engine.reports.oneWayEnded(target.type(), target.id, turn);
        }
      }
    }

    @Override
    public void passedOver(QueuedTurn turn) {
      answer.over();
    }
  }
}
