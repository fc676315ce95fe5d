package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads of objects' trees. */
final class TreeReader {
  /** An object whose entries have more bytes than this is not read as a whole. */
  private static final int WHOLE_BYTES_MAX = 16_384;

  private final Pages pages;

  TreeReader(Pages pages) {
    this.pages = pages;
  }

  Loaded load(ObjectName name) {
    Page root = pages.root(name);
    if (root == null) {
      return new Loaded(List.of(), true);
    }
    if (!root.leaf) {
      return new Loaded(List.of(), false);
    }
    long bytes = 0;
    for (Cell cell : root.cells) {
      bytes +=
          switch (cell) {
            case Cell.Inline(byte[] value) -> value.length;
            case Cell.Large large -> large.length();
          };
    }
    if (bytes > WHOLE_BYTES_MAX) {
      return new Loaded(List.of(), false);
    }
    List<Entry> entries = new ArrayList<>(root.count());
    for (int i = 0; i < root.count(); i++) {
      entries.add(new Entry(root.keys.get(i), value(root.id, root.cells.get(i))));
    }
    return new Loaded(List.copyOf(entries), true);
  }

  byte @Nullable [] find(ObjectName name, byte[] key) {
    Page page = pages.root(name);
    if (page == null) {
      return null;
    }
    while (!page.leaf) {
      page = pages.page(page.id.sibling(page.children.get(page.childOf(key))));
    }
    int at = page.find(key);
    return at < 0 ? null : value(page.id, page.cells.get(at));
  }

  List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    Gathered gathered = new Gathered(range, reversed, entriesMax, bytesMax);
    Page root = pages.root(name);
    if (root != null && entriesMax > 0) {
      gather(root, null, null, gathered);
    }
    return List.copyOf(gathered.entries);
  }

  private static final class Gathered {
    private final KeyRange range;
    private final boolean reversed;
    private final int entriesMax;
    private final int bytesMax;
    private final List<Entry> entries = new ArrayList<>();
    private long bytes;

    private Gathered(KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
      this.range = range;
      this.reversed = reversed;
      this.entriesMax = entriesMax;
      this.bytesMax = bytesMax;
    }

    private boolean isFull() {
      return entries.size() >= entriesMax || (!entries.isEmpty() && bytes >= bytesMax);
    }
  }

  private void gather(Page page, byte @Nullable [] low, byte @Nullable [] high, Gathered gathered) {
    int count = page.count();
    for (int step = 0; step < count && !gathered.isFull(); step++) {
      int i = gathered.reversed ? count - 1 - step : step;
      if (page.leaf) {
        byte[] key = page.keys.get(i);
        if (gathered.range.contains(key)) {
          Entry entry = new Entry(key, value(page.id, page.cells.get(i)));
          gathered.entries.add(entry);
          gathered.bytes += key.length + entry.value().length;
        }
        continue;
      }
      byte[] lower = i == 0 ? low : page.keys.get(i);
      byte[] upper = i == count - 1 ? high : page.keys.get(i + 1);
      if (Tree.meets(gathered.range, lower, upper)) {
        gather(pages.page(page.id.sibling(page.children.get(i))), lower, upper, gathered);
      }
    }
  }

  private byte[] value(PageId of, Cell cell) {
    return switch (cell) {
      case Cell.Inline(byte[] value) -> value;
      case Cell.Large large -> pieces(of, large);
    };
  }

  private byte[] pieces(PageId of, Cell.Large large) {
    byte[] value = new byte[large.length()];
    for (int i = 0; i < large.pieces(); i++) {
      PageId id = of.sibling(large.first() + i);
      byte[] piece = pages.piece(id);
      int from = i * Cell.Large.PIECE_BYTES;
      int length = Math.min(Cell.Large.PIECE_BYTES, value.length - from);
      if (piece.length != length) {
        throw DamagedPage.of(
            id, "its piece has %,d bytes and should have %,d".formatted(piece.length, length));
      }
      System.arraycopy(piece, 0, value, from, length);
    }
    int crc = crc(value);
    if (crc != large.crc()) {
      throw DamagedPage.of(
          of, "a large value has checksum %08x, its pieces give %08x".formatted(large.crc(), crc));
    }
    return value;
  }

  static int crc(byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(value);
    return (int) crc.getValue();
  }
}
