package dev.abide.engine.internal.compaction;

import java.io.IOException;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several cursors as one. No two have the same commit. */
final class MergeCursor implements Cursor {
  private final List<? extends Cursor> all;
  private final PriorityQueue<Cursor> waiting = new PriorityQueue<>(ORDER);
  private boolean begun;
  private @Nullable Cursor current;

  /** Takes the cursors, which are closed with this one. */
  MergeCursor(List<? extends Cursor> all) {
    this.all = all;
  }

  @Override
  public boolean next() throws IOException {
    if (!begun) {
      begun = true;
      for (Cursor cursor : all) {
        add(cursor);
      }
    } else if (current != null) {
      add(current);
    }
    current = waiting.poll();
    return current != null;
  }

  private void add(Cursor cursor) throws IOException {
    if (cursor.next()) {
      waiting.add(cursor);
    }
  }

  private Cursor current() {
    if (current == null) {
      throw new IllegalStateException("there is no record here");
    }
    return current;
  }

  @Override
  public ObjectKey object() {
    return current().object();
  }

  @Override
  public byte[] key() {
    return current().key();
  }

  @Override
  public long number() {
    return current().number();
  }

  @Override
  public boolean isRange() {
    return current().isRange();
  }

  @Override
  public byte @Nullable [] content() throws IOException {
    return current().content();
  }

  @Override
  public void close() throws IOException {
    closeAll(all);
  }

  static void closeAll(List<? extends Cursor> cursors) throws IOException {
    IOException failed = null;
    for (Cursor cursor : cursors) {
      try {
        cursor.close();
      } catch (IOException e) {
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
