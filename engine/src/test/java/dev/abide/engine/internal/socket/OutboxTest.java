package dev.abide.engine.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketWire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean passes = true;
  private volatile @Nullable Error waitFails;

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
              Error fails = waitFails;
              if (fails != null) {
                throw fails;
              }
            }

            @Override
            public void failed(String type, String id, Throwable failure) {
              failures.add(type + "/" + id + ": " + failure.getMessage());
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

  @Test
  void messageThatTheEngineRefuses_stopsReading_andTheCloseIsTheRegistrys() {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(received.poll()).isEqualTo("open");

    // The engine has failed, and has not come to its sockets yet.
    assertThat(connection.text("more", 4)).isFalse();
    assertThat(received).isEmpty();
    registry.end(1011, "the server cannot go on");

    assertThat(received).containsExactly("close 1011");
  }

  @Test
  void outputThatThrows_isReported_andHoldsUpNothingBehindIt() throws Exception {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection broken = new Connection(registry, new NoDoor(), new BrokenWire(), null);
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(broken);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(received.poll()).isEqualTo("open");
    assertThat(received.poll()).isEqualTo("open");
    passes = false;
    sockets.send(List.of(broken, connection), Frame.of("first"));
    sockets.send(List.of(connection), Frame.of("second"));
    sockets.commit(1, 1);
    asked.await();
    sockets.send(List.of(connection), Frame.of("third"));
    sockets.commit(2, 2);

    durable.countDown();

    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("close 1011");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("second");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("third");
    await().until(() -> registry.waiting() == 0);
    assertThat(failures).containsExactly("lobby/a: broken");
    // Where nothing waits the owner of the object lets it go itself, and must go on too.
    passes = true;
    sockets.send(List.of(broken, connection), Frame.of("fourth"));
    sockets.commit(2, 2);
    assertThat(received).containsExactly("close 1011", "fourth");
    assertThat(failures).hasSize(2);
  }

  @Test
  void waitThatThrows_closesThoseWhoMissSomething_andTheOutboxGoesOn() throws Exception {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(received.poll()).isEqualTo("open");
    passes = false;
    waitFails = new OutOfMemoryError("as the test wants");
    sockets.send(List.of(connection), Frame.of("first"));
    durable.countDown();

    sockets.commit(1, 1);

    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("close 1011");
    await().until(() -> registry.waiting() == 0);
    assertThat(failures).containsExactly("lobby/a: as the test wants");
    waitFails = null;
    sockets.send(List.of(connection), Frame.of("second"));
    sockets.commit(2, 2);
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

  private class Wire implements SocketWire {
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
    public void close(int code, String reason) {
      received.add("close " + code);
    }

    @Override
    public void handled(int bytes) {}

    @Override
    public void readOn() {}
  }

  private final class BrokenWire extends Wire {
    @Override
    public void send(Frame frame) {
      throw new IllegalStateException("broken");
    }
  }
}
