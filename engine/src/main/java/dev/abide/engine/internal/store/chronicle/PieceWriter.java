package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import org.jspecify.annotations.Nullable;

/** Puts large values into pieces, as far as a slice goes. */
final class PieceWriter {
  private PieceWriter() {}

  /**
   * Puts pieces until the slice is full.
   *
   * @param waiting keeps how far a value has got
   * @return the cell when all are in, else null
   */
  static Cell.@Nullable Large put(
      Pages pages, ObjectName name, Pending waiting, byte[] value, int pagesMax) {
    Pending.Partial partial = waiting.partial;
    if (partial == null) {
      long first = pages.reserve(Cell.Large.pieces(value.length));
      partial = new Pending.Partial(new Cell.Large(value.length, first, TreeReader.crc(value)));
      waiting.partial = partial;
    }
    Cell.Large cell = partial.cell;
    while (partial.piecesDone < cell.pieces()) {
      if (pages.waiting() >= pagesMax) {
        return null;
      }
      int from = partial.piecesDone * Cell.Large.PIECE_BYTES;
      int to = Math.min(value.length, from + Cell.Large.PIECE_BYTES);
      PageId id = PageId.of(name, cell.first() + partial.piecesDone);
      pages.addEncoded(id, PageCodec.encodePiece(id, value, from, to));
      partial.piecesDone++;
    }
    waiting.partial = null;
    return cell;
  }
}
