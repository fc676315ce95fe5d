package dev.abide.engine.internal.journal;

import java.nio.ByteBuffer;

/**
 * Reads single fields of a commit's record where it lies, for those who sort records and do not
 * want objects of them. Positions are absolute; {@code at} is where the record begins.
 */
public final class CommitFields {
  private static final int FLAGS_AT = 4;
  private static final int HASH_AT = 24;
  private static final int TYPE_AT = 40;
  private static final int DELETES = 1;
  private static final int ALIGNMENT = 8;

  private CommitFields() {}

  /** Told what a commit does, in the order in which it does it. */
  public interface Visitor {
    /** The object is deleted as a whole. */
    void deleted();

    /** A range is cleared; its first key, behind four bytes of length, is at this position. */
    void cleared(int keyAt);

    /** A key is put or removed; the key, behind four bytes of length, is at this position. */
    void changed(int keyAt);
  }

  /** The bytes from this record to the next. */
  public static int paddedLength(ByteBuffer in, int at) {
    return (in.getInt(at) + ALIGNMENT - 1) & -ALIGNMENT;
  }

  public static long number(ByteBuffer in, int at) {
    return in.getLong(at + CommitCodec.NUMBER_AT);
  }

  public static long time(ByteBuffer in, int at) {
    return in.getLong(at + CommitCodec.TIME_AT);
  }

  public static long hashHigh(ByteBuffer in, int at) {
    return in.getLong(at + HASH_AT);
  }

  public static long hashLow(ByteBuffer in, int at) {
    return in.getLong(at + HASH_AT + Long.BYTES);
  }

  /** The UTF-8 of the type's name. */
  public static byte[] type(ByteBuffer in, int at) {
    return text(in, at + TYPE_AT);
  }

  /** The UTF-8 of the object's id. */
  public static byte[] id(ByteBuffer in, int at) {
    return text(in, idAt(in, at));
  }

  /** Where type and id begin, which stand behind each other. */
  public static int namesAt(int at) {
    return at + TYPE_AT;
  }

  /** Where type and id end. */
  public static int namesEnd(ByteBuffer in, int at) {
    int id = idAt(in, at);
    return id + Short.BYTES + Short.toUnsignedInt(in.getShort(id));
  }

  /** What the commit does, for the visitor. */
  public static void visit(ByteBuffer in, int at, Visitor visitor) {
    if ((in.getInt(at + FLAGS_AT) & DELETES) != 0) {
      visitor.deleted();
    }
    int place = namesEnd(in, at);
    int ranges = in.getInt(place);
    place += Integer.BYTES;
    for (int n = 0; n < ranges; n++) {
      visitor.cleared(place);
      place = behind(in, behind(in, place));
    }
    int changes = in.getInt(place);
    place += Integer.BYTES;
    for (int n = 0; n < changes; n++) {
      visitor.changed(place);
      place = behind(in, behind(in, place));
    }
  }

  private static int behind(ByteBuffer in, int place) {
    return place + Integer.BYTES + Math.max(0, in.getInt(place));
  }

  private static int idAt(ByteBuffer in, int at) {
    return at + TYPE_AT + Short.BYTES + Short.toUnsignedInt(in.getShort(at + TYPE_AT));
  }

  private static byte[] text(ByteBuffer in, int place) {
    byte[] bytes = new byte[Short.toUnsignedInt(in.getShort(place))];
    in.get(place + Short.BYTES, bytes);
    return bytes;
  }
}
