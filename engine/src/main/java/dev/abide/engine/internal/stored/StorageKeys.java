package dev.abide.engine.internal.stored;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.KeyRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where things lie in an object's storage: a tag, the length of the name in two bytes, the name,
 * and for maps the key. The length makes names self-delimiting: {@code a}, {@code ab} and {@code
 * a/b} never see each other's keys. The form is final.
 */
public final class StorageKeys {
  private static final byte CELL = 1;
  private static final byte MAP = 2;
  private static final int NAME_BYTES_MAX = 2_048;
  private static final int ALARM_NAME_BYTES_MAX = 1_024;
  private static final int KEY_BYTES_MAX = 2_048;

  private StorageKeys() {}

  /** The key of a cell. */
  public static byte[] cell(String name) {
    return head(CELL, name);
  }

  /** What all keys of a map begin with. */
  public static byte[] map(String name) {
    return head(MAP, name);
  }

  /** The key of an alarm. */
  public static byte[] alarm(String name) {
    return head(AlarmIndex.TAG, name);
  }

  /** The name of an alarm. */
  public static String alarmName(byte[] key) {
    return new String(key, 3, key.length - 3, StandardCharsets.UTF_8);
  }

  /** Orders keys of alarms by the UTF-8 bytes of their names. */
  public static int compareAlarmNames(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, 3, one.length, other, 3, other.length);
  }

  private static byte[] head(byte tag, String name) {
    byte[] bytes = KeyCodec.utf8(name);
    boolean alarm = tag == AlarmIndex.TAG;
    int max = alarm ? ALARM_NAME_BYTES_MAX : NAME_BYTES_MAX;
    if (bytes.length > max) {
      throw new LimitException(
          "a name of "
              + (alarm ? "an alarm" : "a cell or map")
              + " has "
              + bytes.length
              + " bytes in UTF-8; the limit is "
              + max
              + ". Use a shorter name",
          bytes.length,
          max);
    }
    return ByteBuffer.allocate(3 + bytes.length)
        .put(tag)
        .putShort((short) bytes.length)
        .put(bytes)
        .array();
  }

  /** All cells and maps: what {@code clear} clears. */
  public static List<KeyRange> cellsAndMaps() {
    return List.of(new KeyRange(new byte[] {CELL}, new byte[] {MAP + 1}));
  }

  /**
   * The key of a map's entry.
   *
   * @param head what {@link #map} gave
   */
  public static byte[] mapKey(byte[] head, String mapName, byte[] key) {
    if (key.length > KEY_BYTES_MAX) {
      throw new LimitException(
          "a key of map \""
              + mapName
              + "\" has "
              + key.length
              + " bytes; the limit is "
              + KEY_BYTES_MAX
              + ". Use a shorter key",
          key.length,
          KEY_BYTES_MAX);
    }
    byte[] whole = Arrays.copyOf(head, head.length + key.length);
    System.arraycopy(key, 0, whole, head.length, key.length);
    return whole;
  }

  /**
   * The map's own key of an entry.
   *
   * @param where names the entry, for the error
   */
  public static <K> K ownKey(KeyCodec<K> keys, byte[] head, byte[] whole, Supplier<String> where) {
    try {
      return keys.decode(Arrays.copyOfRange(whole, head.length, whole.length));
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          where.get()
              + " cannot be read: "
              + e.getMessage()
              + ". The map was written with keys of another type, or is damaged",
          e,
          false,
          Applied.NO);
    }
  }

  /** All entries of a map. */
  public static KeyRange all(byte[] head) {
    return new KeyRange(head, behindAllThatBeginWith(head));
  }

  /**
   * All entries of a map whose key begins with the text.
   *
   * @throws IllegalArgumentException if the keys are not texts
   */
  public static KeyRange prefix(byte[] head, KeyCodec<?> keys, String text) {
    if (!keys.isText()) {
      throw new IllegalArgumentException(
          "prefix(...) is for maps whose keys are String; use from, after and before");
    }
    byte[] bytes = KeyCodec.utf8(text);
    byte[] first = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, first, head.length, bytes.length);
    return new KeyRange(first, behindAllThatBeginWith(first));
  }

  /** The least key that is above all that begin so: by bytes, so no text is too high for it. */
  private static byte @Nullable [] behindAllThatBeginWith(byte[] beginning) {
    for (int last = beginning.length - 1; last >= 0; last--) {
      if (beginning[last] != (byte) 0xff) {
        byte[] behind = Arrays.copyOf(beginning, last + 1);
        behind[last]++;
        return behind;
      }
    }
    return null;
  }
}
