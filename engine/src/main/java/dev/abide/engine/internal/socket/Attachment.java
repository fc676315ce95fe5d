package dev.abide.engine.internal.socket;

import dev.abide.engine.LimitException;
import dev.abide.engine.StoredType;
import dev.abide.engine.internal.stored.StoredValues;
import dev.abide.engine.spi.CborWriter;

/** A value that is kept with a connection: encoded, so that nobody changes it from aside. */
final class Attachment {
  private static final int BYTES_MAX = 16 << 10;

  private final String type;
  private final byte[] bytes;

  private Attachment(String type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  static <T> Attachment of(StoredType<T> type, T value) {
    CborWriter out = new CborWriter();
    type.codec().write(out, value);
    byte[] bytes = out.toBytes();
    if (bytes.length > BYTES_MAX) {
      throw new LimitException(
          "a value of "
              + bytes.length
              + " bytes was to be attached to a socket; the limit is "
              + BYTES_MAX
              + ". Keep large values in storage, and their key with the socket",
          bytes.length,
          BYTES_MAX);
    }
    return new Attachment(type.toString(), bytes);
  }

  <T> T as(StoredType<T> wanted) {
    if (!type.equals(wanted.toString())) {
      throw new IllegalArgumentException(
          "what is attached to the socket is of the type "
              + type
              + " and was asked for as "
              + wanted
              + "; ask for the type that was attached");
    }
    return StoredValues.decode(wanted, bytes, () -> "the attachment of a socket");
  }
}
