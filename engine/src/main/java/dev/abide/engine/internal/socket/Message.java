package dev.abide.engine.internal.socket;

import dev.abide.engine.ClientSocket;
import dev.abide.engine.OnSocket;

/** What a client sent. */
public sealed interface Message {
  /** How many bytes it takes. */
  int length();

  /** Gives it to the object. */
  void deliver(OnSocket object, ClientSocket socket) throws Exception;

  /** A text, and how many bytes it had on the way. */
  record Text(String text, int length) implements Message {
    @Override
    public void deliver(OnSocket object, ClientSocket socket) throws Exception {
      object.onText(socket, text);
    }
  }

  /** Bytes. */
  final class Bytes implements Message {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public void deliver(OnSocket object, ClientSocket socket) throws Exception {
      object.onBytes(socket, bytes);
    }
  }
}
