package dev.abide.engine.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketWire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which an object's output leaves. */
class OutboxTest {
  private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch durable = new CountDownLatch(1);
  private volatile boolean passes = true;

  private final SocketRegistry registry =
      new SocketRegistry(
          new SocketGate() {
            @Override
            public boolean passed(long durable, long written) {
              return passes;
            }

            @Override
            public void await(long synced, long written) {
              asked.countDown();
              try {
                durable.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
          });

  @Test
  void laterTurn_doesNotOvertake_whenItsCommitIsFoundDurableFirst() throws Exception {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("open");
    passes = false;
    sockets.send(List.of(connection), Frame.of("first"));
    sockets.commit(1, 1);
    asked.await();
    // Both are durable now, and the thread that waits for the first has not noticed yet.
    passes = true;

    sockets.send(List.of(connection), Frame.of("second"));
    sockets.commit(2, 2);

    assertThat(received).isEmpty();
    assertThat(registry.waiting()).isEqualTo(2);
    durable.countDown();
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("second");
  }

  private static final class NoDoor implements SocketDoor {
    @Override
    public Delivery message(Connection connection, Message message) {
      return Delivery.REFUSED;
    }

    @Override
    public void met(Limit limit) {}

    @Override
    public void ended(Connection connection, int code, String reason) {}
  }

  private final class Wire implements SocketWire {
    @Override
    public long queueBytesMax() {
      return 1_000;
    }

    @Override
    public void open(@Nullable String subprotocol) {
      received.add("open");
    }

    @Override
    public void refuse(Throwable why) {}

    @Override
    public void send(Frame frame) {
      received.add(StandardCharsets.UTF_8.decode(frame.content()).toString());
    }

    @Override
    public void close(int code, String reason) {}

    @Override
    public void handled(int bytes) {}

    @Override
    public void readOn() {}
  }
}
