package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.spi.Metrics;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5 at the edge: what a client reads was synced before. */
class EdgeGateTest {
  @TempDir Path directory;

  /** Syncs of files wait here while it is not open. */
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private final Semaphore syncs = new Semaphore(0);

  @Test
  void g5_whileTheSyncBlocks_noResponseLeaves_notOfReadsEither() throws Exception {
    try (Abide abide = engine();
        UndertowEdge edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0))) {
      try (Raw writer = new Raw(edge.port());
          Raw reader = new Raw(edge.port());
          Raw other = new Raw(edge.port())) {
        String add = "POST /objects/room/a/add HTTP/1.1\r\nHost: localhost\r\n";
        String json = "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"by\":1}";
        assertThat(writer.send(add + json).read().body()).isEqualTo("1");
        gate = new CountDownLatch(1);
        syncs.drainPermits();

        writer.send(add + json);
        syncs.acquire(); // the sync of that commit has begun, and is held up
        reader.send("GET /objects/room/a/value HTTP/1.1\r\nHost: localhost\r\n\r\n");
        other.send("GET /objects/room/b/value HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(other.read().body())
            .as("an object that depends on nothing answers meanwhile")
            .isEqualTo("0");
        assertThat(writer.hasSomething()).isFalse();
        assertThat(reader.hasSomething())
            .as("what was read of the object depends on the commit")
            .isFalse();

        gate.countDown();
        assertThat(writer.read().body()).isEqualTo("2");
        assertThat(reader.read().body()).isEqualTo("2");
      } finally {
        gate.countDown();
      }
    }
  }

  @Test
  void g5_whileTheSyncBlocks_noFrameLeaves_andNoUpgradeIsAnswered() throws Exception {
    try (Abide abide = engine();
        UndertowEdge edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0))) {
      try (RawWebSocket client = new RawWebSocket(edge.port(), "/objects/lounge/gate");
          RawWebSocket other = new RawWebSocket(edge.port(), "/objects/lounge/gate-b");
          Raw late = new Raw(edge.port())) {
        client.send(RawWebSocket.frame(RawWebSocket.TEXT, "count"));
        assertThat(client.read().text()).isEqualTo("1");
        gate = new CountDownLatch(1);
        syncs.drainPermits();

        client.send(RawWebSocket.frame(RawWebSocket.TEXT, "count"));
        syncs.acquire(); // the sync of that commit has begun, and is held up
        client.send(RawWebSocket.frame(RawWebSocket.TEXT, "read"));
        late.send(RawWebSocket.request("/objects/lounge/gate", ""));
        other.send(RawWebSocket.frame(RawWebSocket.TEXT, "x"));
        assertThat(other.read().text()).as("another object answers meanwhile").isEqualTo("x");
        Awaitility.await()
            .until(() ->
                Lounge.LoungeObject.events("gate").stream().filter("open"::equals).count() == 2);
        assertThat(client.hasSomething()).isFalse();
        assertThat(late.hasSomething()).isFalse();

        gate.countDown();
        assertThat(client.read().text()).isEqualTo("2");
        assertThat(client.read().text()).isEqualTo("read");
        assertThat(late.peekStatus()).isEqualTo(101);
      } finally {
        gate.countDown();
      }
    }
  }

  @Test
  void g5_whileTheSyncBlocks_noRawResponseLeaves_noStream_noEvent() throws Exception {
    try (Abide abide = engine();
        UndertowEdge edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0))) {
      try (Raw writer = new Raw(edge.port());
          Raw listener = new Raw(edge.port());
          Raw stream = new Raw(edge.port());
          Raw reader = new Raw(edge.port());
          Raw other = new Raw(edge.port())) {
        String get = "GET /objects/kiosk/gate/http%s HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String tell =
            "POST /objects/kiosk/gate/tell HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":\"a\"}";
        listener.send(get.formatted("/events"));
        awaitText(listener, "data: after none\n\n\r\n");
        gate = new CountDownLatch(1);
        syncs.drainPermits();

        writer.send(tell);
        syncs.acquire(); // the sync of that commit has begun, and is held up
        stream.send(get.formatted("/stream"));
        reader.send(get.formatted("/cached"));
        other.send(get.formatted("/cached").replace("/gate/", "/gate-b/"));
        assertThat(other.read().status()).as("another object answers meanwhile").isEqualTo(200);
        // What its turns have answered by then has not left.
        Awaitility.await().until(() -> turns(abide) == 5);
        for (Raw held : new Raw[] {writer, listener, stream, reader}) {
          assertThat(held.hasSomething()).isFalse();
        }

        gate.countDown();
        awaitText(listener, "id: 1\ndata: a\n\n");
        assertThat(writer.read().status()).isEqualTo(204);
        assertThat(reader.read().status()).isEqualTo(200);
        awaitText(stream, "2\n");
      } finally {
        gate.countDown();
      }
    }
  }

  private static long turns(Abide abide) {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.turns"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  private static void awaitText(Raw raw, String text) throws Exception {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      byte[] next = raw.read(1);
      assertThat(next).as("%s, and then the end", seen).isNotEmpty();
      seen.append((char) next[0]);
    }
  }

  private Abide engine() {
    AtomicReference<Engine> engine = new AtomicReference<>();
    DiskStore store =
        DiskStore.open(
            directory,
            StoreOptions.standard(),
            files -> gated(Disk.class, files),
            failure -> engine.get().storageFailed(failure));
    engine.set(
        Engine.over(
            store,
            EngineOptions.of(options ->
                options
                    .host(Room.class, Room.RoomObject::new)
                    .host(Lounge.class, Lounge.LoungeObject::new)
                    .host(Kiosk.class, Kiosk.KioskObject::new))));
    return Access.get().abide(engine.get());
  }

  /** The same, but that a file's sync waits for the gate. */
  private <T> T gated(Class<T> type, T behind) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (type == DiskFile.class && method.getName().equals("force")) {
                syncs.release();
                gate.await();
              }
              try {
                Object result = method.invoke(behind, arguments);
                return result instanceof DiskFile file ? gated(DiskFile.class, file) : result;
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            }));
  }
}
