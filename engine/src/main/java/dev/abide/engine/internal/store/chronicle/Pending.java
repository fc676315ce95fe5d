package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Commit;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Commits of one object that wait to be applied, in order, and how far the first one has got. */
final class Pending {
  /**
   * A commit with its number, the bytes of heap that it holds, and the epoch whose end it holds up.
   */
  record Item(long number, Commit commit, long bytes, Epoch epoch) {}

  final ArrayDeque<Item> items = new ArrayDeque<>();

  /** How many changes of the first commit are in. */
  int changesDone;

  /** The large value of the change at hand, of which some pieces are in. */
  @Nullable Partial partial;

  /** A large value on its way into pieces. */
  static final class Partial {
    final Cell.Large cell;
    int piecesDone;

    Partial(Cell.Large cell) {
      this.cell = cell;
    }
  }
}
