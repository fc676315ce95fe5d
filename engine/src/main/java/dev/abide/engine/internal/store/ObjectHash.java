package dev.abide.engine.internal.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The keyed 128-bit hash over type and id that gives an object its shard and its place in files:
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, the authors' reference variant).
 *
 * <p>The key is secret and of the directory, so that nobody who chooses ids can fill one shard.
 * What is hashed is the length of the type's name, the name, and the id, so that no two pairs give
 * the same bytes. Immutable; any thread.
 */
public final class ObjectHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** As many bytes of UTF-8 as the name of a type may have. */
  private static final int TYPE_BYTES_MAX = 1_024;

  private final long k0;
  private final long k1;

  /** A hash with this key of 16 bytes. */
  public ObjectHash(byte[] key) {
    if (key.length != 16) {
      throw new IllegalArgumentException(
          "the hash key has %d bytes; it must have 16.".formatted(key.length));
    }
    k0 = (long) LONG.get(key, 0);
    k1 = (long) LONG.get(key, 8);
  }

  /** The name of an object, after a check of its id. */
  public ObjectName name(String type, String id) {
    return name(type, ObjectId.checked(id), id);
  }

  /**
   * The name of a tree of the engine's own in a shard. Its type begins with a control character,
   * which no name of a type does.
   */
  public ObjectName reserved(String type, String id, int shard) {
    ObjectName free = name(type, ObjectId.utf8(id), id);
    return new ObjectName(
        type, id, (free.hashHigh() & (-1L >>> 6)) | ((long) shard << 58), free.hashLow());
  }

  private ObjectName name(String type, byte[] idBytes, String id) {
    byte[] typeBytes = ObjectId.utf8(type);
    if (typeBytes.length < 1 || typeBytes.length > TYPE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the name of the type has %,d bytes of UTF-8; it must have 1 to %,d."
              .formatted(typeBytes.length, TYPE_BYTES_MAX));
    }
    byte[] text = new byte[2 + typeBytes.length + idBytes.length];
    text[0] = (byte) typeBytes.length;
    text[1] = (byte) (typeBytes.length >>> 8);
    System.arraycopy(typeBytes, 0, text, 2, typeBytes.length);
    System.arraycopy(idBytes, 0, text, 2 + typeBytes.length, idBytes.length);
    long[] hash = hash(text);
    return new ObjectName(type, id, hash[0], hash[1]);
  }

  /** The two halves of the hash, each as the reference writes it in little-endian order. */
  long[] hash(byte[] text) {
    State s = new State(k0, k1);
    int whole = text.length & ~7;
    for (int i = 0; i < whole; i += 8) {
      s.take((long) LONG.get(text, i));
    }
    long tail = (long) text.length << 56;
    for (int i = whole; i < text.length; i++) {
      tail |= (text[i] & 0xffL) << (8 * (i - whole));
    }
    s.take(tail);
    s.v2 ^= 0xee;
    s.rounds(4);
    long first = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    s.v1 ^= 0xdd;
    s.rounds(4);
    return new long[] {first, s.v0 ^ s.v1 ^ s.v2 ^ s.v3};
  }

  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private State(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    private void take(long word) {
      v3 ^= word;
      rounds(2);
      v0 ^= word;
    }

    private void rounds(int n) {
      for (int i = 0; i < n; i++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
    }
  }
}
