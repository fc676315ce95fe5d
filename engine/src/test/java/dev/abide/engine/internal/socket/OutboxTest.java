package dev.abide.engine.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketWire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which an object's output leaves. */
class OutboxTest {
  private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch durable = new CountDownLatch(1);
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean passes = true;
  private volatile boolean reportFails;
  private volatile @Nullable Throwable waitFails;
  private volatile @Nullable UnaryOperator<Runnable> starting;

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
              switch (waitFails) {
                case null -> {}
                case Error error -> throw error;
                case Throwable other -> throw (RuntimeException) other;
              }
            }

            @Override
            public void start(Runnable work) {
              UnaryOperator<Runnable> now = starting;
              Thread.startVirtualThread(now == null ? work : now.apply(work));
            }

            @Override
            public void failed(String type, String id, Throwable failure) {
              if (reportFails) {
                throw new OutOfMemoryError("as the test wants");
              }
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

  @Test
  void failedJournal_endsAllSockets_beforeAnEngineThatClosesFindsThatNothingWaits()
      throws Exception {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection idle = new Connection(registry, new NoDoor(), new Wire("idle "), null);
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(idle);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(received.poll()).isEqualTo("idle open");
    assertThat(received.poll()).isEqualTo("open");
    passes = false;
    waitFails = new StorageException("as the test wants", null, false, Applied.UNKNOWN);
    durable.countDown();
    sockets.send(List.of(connection), Frame.of("first"));
    sockets.commit(1, 1);
    await().until(() -> registry.waiting() == 0);

    registry.end(1001, "the server is closing");

    assertThat(received).contains("idle close 1011", "close 1011");
    assertThat(received).doesNotContain("idle close 1001", "close 1001", "first");
  }

  @Test
  void wireThatCannotBeClosed_keepsNoOtherOpen_andNothingWaitsForIt() throws Exception {
    ObjectSockets sockets = registry.of("lobby", "a");
    // Several of each, for they are closed in no order.
    for (int n = 0; n < 4; n++) {
      sockets.add(new Connection(registry, new NoDoor(), new UnclosableWire(), null));
      sockets.add(new Connection(registry, new NoDoor(), new Wire(n + " "), null));
    }
    sockets.commit(0, 0);
    received.clear();
    passes = false;
    waitFails = new StorageException("as the test wants", null, false, Applied.UNKNOWN);
    durable.countDown();

    sockets.commit(1, 1);
    sockets.send(sockets.present(), Frame.of("first"));
    sockets.commit(2, 2);

    await().until(() -> registry.waiting() == 0);
    assertThat(received)
        .contains("0 close 1011", "1 close 1011", "2 close 1011", "3 close 1011")
        .noneMatch(text -> text.endsWith("first"));
    assertThat(failures).hasSizeGreaterThanOrEqualTo(4).containsOnly("lobby/a: cannot be closed");
    // The thread has ended as one that has no more to do: the next batch gets one of its own.
    waitFails = null;
    received.clear();
    sockets.send(sockets.present(), Frame.of("second"));
    sockets.commit(3, 3);
    assertThat(received.poll(30, TimeUnit.SECONDS)).endsWith("second");
    await().until(() -> registry.waiting() == 0);
  }

  @Test
  void end_closesAllOthers_alsoWhereOneCannotBeClosed_andNotEvenSaid() {
    ObjectSockets sockets = registry.of("lobby", "a");
    for (int n = 0; n < 4; n++) {
      sockets.add(new Connection(registry, new NoDoor(), new UnclosableWire(), null));
      sockets.add(new Connection(registry, new NoDoor(), new Wire(n + " "), null));
    }
    sockets.commit(0, 0);
    received.clear();
    reportFails = true;

    registry.end(1001, "the server is closing");

    assertThat(received)
        .containsExactlyInAnyOrder("0 close 1001", "1 close 1001", "2 close 1001", "3 close 1001");
  }

  @Test
  void outputForWhichThereIsNoThread_waitsOnItsOwn_andLosesNothing() throws Exception {
    ObjectSockets sockets = opened();
    starting =
        work -> {
          throw new OutOfMemoryError("unable to create native thread, as the test wants");
        };
    durable.countDown();
    sockets.send(sockets.present(), Frame.of("first"));

    sockets.commit(1, 1);

    assertThat(received).containsExactly("first");
    assertThat(registry.waiting()).isZero();
    assertThat(failures).hasSize(1);
    starting = null;
    sockets.send(sockets.present(), Frame.of("second"));
    sockets.commit(2, 2);
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("second");
  }

  @Test
  void threadThatBeginsAlthoughItsStartFailed_findsNothing_orGoesOnAlone() throws Exception {
    ObjectSockets sockets = opened();
    LinkedBlockingQueue<Runnable> begun = new LinkedBlockingQueue<>();
    starting =
        work -> {
          begun.add(work);
          throw new OutOfMemoryError("as the test wants");
        };
    durable.countDown();
    sockets.send(sockets.present(), Frame.of("first"));
    sockets.commit(1, 1);
    assertThat(received.poll()).isEqualTo("first");

    begun.remove().run();

    assertThat(received).isEmpty();
    assertThat(registry.waiting()).isZero();
    // Now the late one is there before the one that was started.
    starting =
        work -> {
          work.run();
          return work;
        };
    sockets.send(sockets.present(), Frame.of("second"));
    sockets.commit(2, 2);
    assertThat(received.poll()).isEqualTo("second");
    starting = null;
    for (int n = 3; n < 10; n++) {
      sockets.send(sockets.present(), Frame.of("" + n));
      sockets.commit(n, n);
      assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("" + n);
    }
    assertThat(failures).hasSize(1);
  }

  @Test
  void clientThatWasTakenIn_andCannotBeTold_isRefused_andTheObjectHears() throws Exception {
    List<String> ended = new CopyOnWriteArrayList<>();
    ObjectSockets sockets = registry.of("lobby", "a");
    NoDoor door =
        new NoDoor() {
          @Override
          public void ended(Connection connection, int code, String reason) {
            ended.add(connection.id + " " + code);
          }
        };
    Connection connection = new Connection(registry, door, new Wire(), null);
    passes = false;
    waitFails = new OutOfMemoryError("as the test wants");
    durable.countDown();
    sockets.add(connection);

    sockets.commit(1, 1);

    await().untilAsserted(() -> assertThat(ended).containsExactly(connection.id + " 1006"));
    assertThat(received).containsExactly("refused");
  }

  @Test
  void whatATurnMaySend_isCountedAnewForEach_howeverTheLastOneEnded() {
    ObjectSockets sockets = opened();
    passes = true;
    Frame large = Frame.of(new byte[40 << 20]);
    sockets.send(sockets.present(), large);
    sockets.rollback();
    sockets.send(sockets.present(), large);
    sockets.commit(0, 0);

    sockets.send(sockets.present(), large);

    assertThatThrownBy(() -> sockets.send(sockets.present(), large))
        .isInstanceOf(LimitException.class);
  }

  @Test
  void clientThatIsTakenInBehindTheEnd_isClosedWithIt() {
    ObjectSockets sockets = registry.of("lobby", "a");
    registry.end(1001, "the server is closing");
    sockets.add(new Connection(registry, new NoDoor(), new Wire(), null));

    sockets.commit(0, 0);

    assertThat(received).containsExactly("open", "close 1001");
  }

  @Test
  void registry_keepsNothingOfClientsThatHaveGone_alsoOfOneThatGoesWhileItIsOpened() {
    ObjectSockets sockets = registry.of("lobby", "a");
    Connection connection = new Connection(registry, new NoDoor(), new Wire(), null);
    sockets.add(connection);
    sockets.commit(0, 0);
    assertThat(registry.of("lobby", "a")).isSameAs(sockets);
    assertThat(registry.count()).isEqualTo(1);
    AtomicReference<Connection> brief = new AtomicReference<>();
    brief.set(
        new Connection(
            registry,
            new NoDoor(),
            new Wire() {
              @Override
              public void open(@Nullable String subprotocol) {
                brief.get().closed(1006, "");
              }
            },
            null));
    sockets.add(brief.get());
    sockets.commit(0, 0);
    assertThat(registry.count()).isEqualTo(1);

    connection.closed(1006, "");
    sockets.remove(connection);
    sockets.remove(brief.get());

    assertThat(registry.count()).isZero();
    assertThat(registry.of("lobby", "a")).isNotSameAs(sockets);
  }

  /** The sockets of an object with one client; nothing is durable from now on. */
  private ObjectSockets opened() {
    ObjectSockets sockets = registry.of("lobby", "a");
    sockets.add(new Connection(registry, new NoDoor(), new Wire(), null));
    sockets.commit(0, 0);
    assertThat(received.poll()).isEqualTo("open");
    passes = false;
    return sockets;
  }

  private static class NoDoor implements SocketDoor {
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
    private final String name;

    Wire() {
      this("");
    }

    Wire(String name) {
      this.name = name;
    }

    @Override
    public long queueBytesMax() {
      return 1_000;
    }

    @Override
    public void open(@Nullable String subprotocol) {
      received.add(name + "open");
    }

    @Override
    public void refuse(Throwable why) {
      received.add(name + "refused");
    }

    @Override
    public void send(Frame frame) {
      received.add(name + StandardCharsets.UTF_8.decode(frame.content()));
    }

    @Override
    public void close(int code, String reason) {
      received.add(name + "close " + code);
    }

    @Override
    public void handled(int bytes) {}

    @Override
    public void readOn() {}
  }

  private final class UnclosableWire extends Wire {
    @Override
    public void close(int code, String reason) {
      throw new IllegalStateException("cannot be closed");
    }
  }

  private final class BrokenWire extends Wire {
    @Override
    public void send(Frame frame) {
      throw new IllegalStateException("broken");
    }
  }
}
