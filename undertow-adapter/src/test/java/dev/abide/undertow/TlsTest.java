package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The edge with TLS of its own, with a certificate made for the test. */
class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path directory;
  private SSLContext context;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "edge",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @Test
  void tls_servesTheSame_andNothingInTheClear() throws Exception {
    try (Abide abide = Abide.inMemory(options -> options.host(Room.class, Room.RoomObject::new));
        UndertowEdge edge =
            UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0).tls(context))) {
      String add =
          "POST /objects/room/a/add HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"by\":2}";
      try (Raw raw =
          new Raw(
              context
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), edge.port()))) {
        assertThat(raw.send(add).read().body()).isEqualTo("2");
      }
      try (Raw clear = new Raw(edge.port())) {
        assertThat(clear.send(add).end().rest()).doesNotContain("HTTP/1.1 200");
      }
      assertThat(abide.get(Room.class, "a").value()).isEqualTo(2);
    }
  }

  @Test
  void tls_carriesSockets_largeMessagesToo_andTheirEnd() throws Exception {
    try (Abide abide =
            Abide.inMemory(options -> options.host(Lounge.class, Lounge.LoungeObject::new));
        UndertowEdge edge =
            UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0).tls(context));
        RawWebSocket client =
            new RawWebSocket(
                context
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), edge.port()),
                "/objects/lounge/tls")) {
      byte[] payload = new byte[60_000];
      for (int i = 0; i < 20; i++) {
        client.send(RawWebSocket.frame(RawWebSocket.BINARY, payload));
        assertThat(client.read().payload()).isEqualTo(payload);
      }
      client.send(RawWebSocket.frame(3, new byte[0]));
      assertThat(client.read().closeCode()).isEqualTo(1002);
      assertThat(client.read().code()).isEqualTo(-1);
    }
  }
}
