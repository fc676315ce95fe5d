package dev.abide.engine.internal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows of alarms: a key with their tag is one, and its value begins with the time at
 * which it is due and with its set-number. Of these a store keeps an index in the order of times,
 * changed in the same apply as the alarm itself.
 *
 * <p>A key of the index is the time (12 bytes whose unsigned order is that of instants), the type
 * and the id of the object, each behind its length in two bytes, and the name of the alarm. Its
 * value is the set-number. The form is final.
 */
public final class AlarmIndex {
  /** What the storage key of an alarm begins with; two bytes of length and the name follow. */
  public static final byte TAG = 3;

  /** All alarms of an object. */
  public static final KeyRange ALARMS = new KeyRange(new byte[] {TAG}, new byte[] {TAG + 1});

  /** Where the index begins. */
  public static final byte[] FIRST = {};

  private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;
  private static final int NAME_AT = 3;

  private AlarmIndex() {}

  /**
   * An alarm as the index has it.
   *
   * @param place its key in the index
   * @param key its storage key in its object
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Indexed(
      byte[] place, Instant due, String type, String id, byte[] key, long setNumber) {}

  /** Whether a commit sets or clears alarms by their keys. */
  public static boolean hasAlarms(Commit commit) {
    for (Change change : commit.changes()) {
      if (change.key().length > 0 && change.key()[0] == TAG) {
        return true;
      }
    }
    return false;
  }

  /** Begins the value of an alarm. */
  public static ByteBuffer putHead(ByteBuffer value, Instant due, long setNumber) {
    return putTime(value, due).putLong(setNumber);
  }

  /** Writes an instant so that unsigned bytes have its order. */
  public static ByteBuffer putTime(ByteBuffer bytes, Instant time) {
    return bytes.putLong(time.getEpochSecond() ^ Long.MIN_VALUE).putInt(time.getNano());
  }

  /** Reads what {@link #putTime} wrote. */
  public static Instant time(ByteBuffer bytes) {
    return Instant.ofEpochSecond(bytes.getLong() ^ Long.MIN_VALUE, bytes.getInt());
  }

  /** The time of a place in the index. */
  public static Instant dueAt(byte[] place) {
    return time(ByteBuffer.wrap(place));
  }

  static boolean isAlarm(byte[] key) {
    return key.length > 0 && key[0] == TAG;
  }

  /** The part of the range that holds alarms, or null. */
  public static @Nullable KeyRange within(KeyRange range) {
    byte[] from =
        Arrays.compareUnsigned(range.from(), ALARMS.from()) > 0 ? range.from() : ALARMS.from();
    byte[] end = ALARMS.to();
    byte[] to =
        range.to() == null || Arrays.compareUnsigned(end, range.to()) < 0 ? end : range.to();
    return Arrays.compareUnsigned(from, to) < 0 ? new KeyRange(from, to) : null;
  }

  /** The place of an alarm of the object; null if the key is none of an alarm. */
  public static byte @Nullable [] place(ObjectName name, byte[] key, byte[] value) {
    if (!isAlarm(key)) {
      return null;
    }
    byte[] type = ObjectId.utf8(name.type());
    byte[] id = ObjectId.utf8(name.id());
    return ByteBuffer.allocate(TIME_BYTES + 4 + type.length + id.length + key.length - NAME_AT)
        .put(value, 0, TIME_BYTES)
        .putShort((short) type.length)
        .put(type)
        .putShort((short) id.length)
        .put(id)
        .put(key, NAME_AT, key.length - NAME_AT)
        .array();
  }

  /** What the index keeps of the alarm with this value. */
  public static byte[] kept(byte[] value) {
    return Arrays.copyOfRange(value, TIME_BYTES, TIME_BYTES + Long.BYTES);
  }

  /** What an entry of the index says. */
  public static Indexed read(Entry entry) {
    ByteBuffer place = ByteBuffer.wrap(entry.key());
    Instant due = time(place);
    String type = text(place);
    String id = text(place);
    int name = place.remaining();
    ByteBuffer key = ByteBuffer.allocate(NAME_AT + name).put(TAG).putShort((short) name).put(place);
    return new Indexed(
        entry.key(), due, type, id, key.array(), ByteBuffer.wrap(entry.value()).getLong());
  }

  private static String text(ByteBuffer from) {
    byte[] bytes = new byte[Short.toUnsignedInt(from.getShort())];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
