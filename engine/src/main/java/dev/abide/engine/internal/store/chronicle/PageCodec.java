package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Pages as bytes. Each begins with a CRC32C over its key and all that follows, so that neither a
 * flipped bit nor a page that lies under another's key is ever taken for one; then its kind.
 *
 * <pre>
 * crc 4 | kind 1 | root only: type length 2, type, id length 2, id | count 4 | entries
 * leaf entry:  key length 2, key, 0, value length 2, value
 *          or  key length 2, key, 1, length 4, first piece 8, crc of the value 4
 * inner entry: key length 2, key, child 8
 * piece:       bytes to the end
 * </pre>
 */
final class PageCodec {
  private static final int HEAD = 5;
  private static final byte LEAF = 1;
  private static final byte INNER = 2;
  private static final byte PIECE = 3;
  private static final byte ROOT = 16;

  private PageCodec() {}

  static byte[] encode(Page page) {
    byte[] bytes = new byte[size(page)];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(0);
    byte kind = page.leaf ? LEAF : INNER;
    ObjectName name = page.name;
    if (name == null) {
      out.put(kind);
    } else {
      out.put((byte) (kind | ROOT));
      text(out, name.type());
      text(out, name.id());
    }
    out.putInt(page.count());
    for (int i = 0; i < page.count(); i++) {
      byte[] key = page.keys.get(i);
      out.putShort((short) key.length).put(key);
      if (!page.leaf) {
        out.putLong(page.children.get(i));
        continue;
      }
      switch (page.cells.get(i)) {
        case Cell.Inline(byte[] value) ->
            out.put((byte) 0).putShort((short) value.length).put(value);
        case Cell.Large(int length, long first, int crc) ->
            out.put((byte) 1).putInt(length).putLong(first).putInt(crc);
      }
    }
    return sealed(page.id, bytes);
  }

  /** The bytes that the page takes. */
  static int size(Page page) {
    int size = HEAD + 4;
    ObjectName name = page.name;
    if (name != null) {
      size += nameBytes(name);
    }
    for (int i = 0; i < page.count(); i++) {
      size += entrySize(page, i);
    }
    return size;
  }

  static int entrySize(Page page, int at) {
    byte[] key = page.keys.get(at);
    return page.leaf ? leafEntryBytes(key, page.cells.get(at)) : innerEntryBytes(key);
  }

  static int leafEntryBytes(byte[] key, Cell cell) {
    return 2
        + key.length
        + switch (cell) {
          case Cell.Inline(byte[] value) -> 3 + value.length;
          case Cell.Large _ -> 17;
        };
  }

  static int innerEntryBytes(byte[] key) {
    return 2 + key.length + 8;
  }

  /** What a root has more than another page. */
  static int nameBytes(ObjectName name) {
    return 4 + utf8(name.type()).length + utf8(name.id()).length;
  }

  static byte[] encodePiece(PageId id, byte[] value, int from, int to) {
    byte[] bytes = new byte[HEAD + to - from];
    ByteBuffer.wrap(bytes).putInt(0).put(PIECE).put(value, from, to - from);
    return sealed(id, bytes);
  }

  static byte[] decodePiece(PageId id, byte[] bytes) {
    byte kind = opened(id, bytes);
    if (kind != PIECE) {
      throw DamagedPage.of(id, "it should be a piece of a value, but its kind is " + kind);
    }
    return Arrays.copyOfRange(bytes, HEAD, bytes.length);
  }

  /** The page, after its checks; the root's name gets the hash of the key. */
  static Page decode(PageId id, byte[] bytes) {
    byte kind = opened(id, bytes);
    try {
      return decode(id, kind, ByteBuffer.wrap(bytes, HEAD, bytes.length - HEAD));
    } catch (BufferUnderflowException e) {
      throw DamagedPage.of(id, "it ends too early at " + bytes.length + " bytes");
    }
  }

  private static Page decode(PageId id, byte kind, ByteBuffer in) {
    boolean leaf = (kind & ~ROOT) == LEAF;
    if ((!leaf && (kind & ~ROOT) != INNER) || (id.number() == 0) != ((kind & ROOT) != 0)) {
      throw DamagedPage.of(id, "its kind is " + kind);
    }
    Page page = new Page(id, name(id, kind, in), leaf);
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      page.keys.add(bytes(in));
      if (!leaf) {
        page.children.add(in.getLong());
      } else if (in.get() == 0) {
        page.cells.add(new Cell.Inline(bytes(in)));
      } else {
        page.cells.add(new Cell.Large(in.getInt(), in.getLong(), in.getInt()));
      }
    }
    if (in.hasRemaining()) {
      throw DamagedPage.of(id, in.remaining() + " bytes follow its last entry");
    }
    return page;
  }

  private static @Nullable ObjectName name(PageId id, byte kind, ByteBuffer in) {
    if ((kind & ROOT) == 0) {
      return null;
    }
    String type = new String(bytes(in), StandardCharsets.UTF_8);
    String text = new String(bytes(in), StandardCharsets.UTF_8);
    return new ObjectName(type, text, id.high(), id.low());
  }

  private static byte[] sealed(PageId id, byte[] bytes) {
    ByteBuffer.wrap(bytes).putInt(crc(id, bytes));
    return bytes;
  }

  private static byte opened(PageId id, byte[] bytes) {
    if (bytes.length < HEAD) {
      throw DamagedPage.of(id, "it has only " + bytes.length + " bytes");
    }
    int stored = ByteBuffer.wrap(bytes).getInt();
    int counted = crc(id, bytes);
    if (stored != counted) {
      throw DamagedPage.of(
          id, "its checksum is %08x, its bytes give %08x".formatted(stored, counted));
    }
    return bytes[4];
  }

  private static int crc(PageId id, byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(id.key());
    crc.update(bytes, 4, bytes.length - 4);
    return (int) crc.getValue();
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return bytes;
  }

  private static void text(ByteBuffer out, String text) {
    byte[] bytes = utf8(text);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
