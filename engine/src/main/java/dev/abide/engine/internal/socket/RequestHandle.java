package dev.abide.engine.internal.socket;

import dev.abide.engine.Caller;
import dev.abide.engine.SocketRequest;
import dev.abide.engine.spi.Upgrade;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client's request as the object that it plugs into sees it. */
final class RequestHandle implements SocketRequest {
  private final SocketGuard guard;
  private final Connection connection;
  private final Upgrade upgrade;

  RequestHandle(SocketGuard guard, Connection connection, Upgrade upgrade) {
    this.guard = guard;
    this.connection = connection;
    this.upgrade = upgrade;
  }

  @Override
  public String path() {
    guard.reading();
    return upgrade.path();
  }

  @Override
  public Optional<String> header(String name) {
    guard.reading();
    return Optional.ofNullable(upgrade.headers().get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public Optional<String> query(String name) {
    guard.reading();
    return Optional.ofNullable(upgrade.query().get(name));
  }

  @Override
  public Optional<Caller> caller() {
    guard.reading();
    return Optional.ofNullable(connection.caller());
  }

  @Override
  public List<String> subprotocols() {
    guard.reading();
    return upgrade.subprotocols();
  }

  @Override
  public void choose(String subprotocol) {
    guard.sending();
    if (!upgrade.subprotocols().contains(subprotocol)) {
      throw new IllegalArgumentException(
          "the client does not offer to speak \""
              + subprotocol
              + "\"; it offers "
              + upgrade.subprotocols());
    }
    connection.subprotocol = subprotocol;
  }
}
