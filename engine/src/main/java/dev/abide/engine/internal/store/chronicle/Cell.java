package dev.abide.engine.internal.store.chronicle;

/** What a leaf holds for a key. */
sealed interface Cell {
  /** Values up to this many bytes stand in the leaf itself. */
  int INLINE_BYTES_MAX = 1_024;

  /** What a record of a base has beside key and value. */
  long RECORD_BYTES = 17;

  /** The bytes that a base has for a key with this. */
  default long recordBytes(byte[] key) {
    return RECORD_BYTES
        + key.length
        + switch (this) {
          case Inline inline -> inline.value().length;
          case Large large -> large.length();
        };
  }

  /** A value in the leaf. */
  @SuppressWarnings("ArrayRecordComponent")
  record Inline(byte[] value) implements Cell {}

  /** A value in pieces with consecutive page numbers from {@code first}. */
  record Large(int length, long first, int crc) implements Cell {
    /** All pieces but the last have this many bytes. */
    static final int PIECE_BYTES = 8_192;

    static int pieces(int length) {
      return (length + PIECE_BYTES - 1) / PIECE_BYTES;
    }

    int pieces() {
      return pieces(length);
    }
  }
}
