package dev.abide.engine.internal.socket;

import dev.abide.engine.Caller;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.LimitException;
import dev.abide.engine.ServerEvent;
import dev.abide.engine.StoredType;
import dev.abide.engine.spi.Frame;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An instance's way to one socket. Two are equal if they lead to the same one. */
final class SocketHandle implements ClientSocket {
  private static final int TAGS_MAX = 16;
  private static final int TAG_LENGTH_MAX = 256;
  private static final int REASON_BYTES_MAX = 123;
  private static final Set<Integer> CODES =
      Set.of(1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013);

  private final ObjectSockets sockets;
  private final SocketGuard guard;
  final Connection connection;

  SocketHandle(ObjectSockets sockets, SocketGuard guard, Connection connection) {
    this.sockets = sockets;
    this.guard = guard;
    this.connection = connection;
  }

  @Override
  public String id() {
    return connection.id;
  }

  @Override
  public Optional<Caller> caller() {
    guard.reading();
    return Optional.ofNullable(connection.caller());
  }

  @Override
  public void send(String text) {
    guard.sending();
    send(Frame.of(text));
  }

  @Override
  public void send(ServerEvent event) {
    guard.sending();
    send(Frame.of(event));
  }

  @Override
  public boolean listens() {
    return connection.listens;
  }

  @Override
  public void send(byte[] bytes) {
    guard.sending();
    if (connection.listens) {
      throw new IllegalArgumentException(
          "bytes were to be sent to " + this + ", which listens to events; events are texts");
    }
    send(Frame.of(bytes));
  }

  private void send(Frame frame) {
    if (!connection.closing) {
      sockets.send(List.of(connection), frame);
    }
  }

  @Override
  public void close(int code, String reason) {
    guard.sending();
    if (!CODES.contains(code) && (code < 3000 || code > 4999)) {
      throw new IllegalArgumentException(
          "a socket was to be closed with the code "
              + code
              + "; use one of 1000, 1001, 1003, 1007 to 1009, 1011 to 1013, or 3000 to 4999 for"
              + " codes of your own");
    }
    int bytes = Frame.of(reason).length();
    if (bytes > REASON_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the reason for closing a socket has "
              + bytes
              + " bytes in UTF-8; a close has room for "
              + REASON_BYTES_MAX);
    }
    sockets.close(connection, code, reason);
  }

  @Override
  public void tag(String tag) {
    guard.sending();
    if (tag.length() > TAG_LENGTH_MAX) {
      throw new LimitException(
          "a tag of a socket has "
              + tag.length()
              + " characters; the limit is "
              + TAG_LENGTH_MAX
              + ". Attach longer texts",
          tag.length(),
          TAG_LENGTH_MAX);
    }
    Set<String> before = connection.tags;
    if (before.contains(tag)) {
      return;
    }
    if (before.size() == TAGS_MAX) {
      throw new LimitException(
          "a socket has " + TAGS_MAX + " tags, as many as it may; take one away first",
          TAGS_MAX + 1,
          TAGS_MAX);
    }
    connection.mark(tag);
    sockets.onUndo(() -> connection.tags = before);
  }

  @Override
  public void untag(String tag) {
    guard.sending();
    Set<String> before = connection.tags;
    connection.unmark(tag);
    sockets.onUndo(() -> connection.tags = before);
  }

  @Override
  public Set<String> tags() {
    guard.reading();
    return Collections.unmodifiableSet(connection.tags);
  }

  @Override
  @SuppressWarnings("unchecked") // a value is of its own class
  public void attach(Object value) {
    Class<?> type =
        value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    attach((StoredType<Object>) StoredType.of(type), value);
  }

  @Override
  public <T> void attach(StoredType<T> type, T value) {
    guard.sending();
    Attachment before = connection.attachment;
    connection.attachment = Attachment.of(type, value);
    sockets.onUndo(() -> connection.attachment = before);
  }

  @Override
  public <T> Optional<T> attachment(Class<T> type) {
    return attachment(StoredType.of(type));
  }

  @Override
  public <T> Optional<T> attachment(StoredType<T> type) {
    guard.reading();
    Attachment kept = connection.attachment;
    return kept == null ? Optional.empty() : Optional.of(kept.as(type));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SocketHandle that && that.connection.equals(connection);
  }

  @Override
  public int hashCode() {
    return connection.hashCode();
  }

  @Override
  public String toString() {
    return "socket " + connection.id + " of " + sockets;
  }
}
