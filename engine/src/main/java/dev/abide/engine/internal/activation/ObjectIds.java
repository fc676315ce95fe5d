package dev.abide.engine.internal.activation;

import dev.abide.engine.internal.store.ObjectStore;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Ids of objects: which are allowed, and which exist. */
final class ObjectIds {
  private static final int ID_BYTES_MAX = 1024;
  private static final int IDS_AT_ONCE = 256;

  private ObjectIds() {}

  /** Refuses what cannot be an id. */
  static void check(String id) {
    long bytes = 0;
    for (int at = 0; at < id.length(); at++) {
      char unit = id.charAt(at);
      if (unit < 0x80) {
        bytes++;
      } else if (unit < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(unit)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(unit)
          && at + 1 < id.length()
          && Character.isLowSurrogate(id.charAt(at + 1))) {
        bytes += 4;
        at++;
      } else {
        throw new IllegalArgumentException(
            "the id has an unpaired surrogate at "
                + at
                + ", so it has no UTF-8 form; ids are well-formed text of 1 to "
                + ID_BYTES_MAX
                + " bytes");
      }
    }
    if (bytes < 1 || bytes > ID_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the id has " + bytes + " bytes in UTF-8; an id has 1 to " + ID_BYTES_MAX);
    }
  }

  /** Those of existing objects of a type, read as they are taken. */
  static Stream<String> of(ObjectStore store, String name, String prefix) {
    Spliterators.AbstractSpliterator<String> pages =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE,
            java.util.Spliterator.ORDERED
                | java.util.Spliterator.DISTINCT
                | java.util.Spliterator.NONNULL) {
          private List<String> page = List.of();
          private int next;
          private @Nullable String last;

          @Override
          public boolean tryAdvance(Consumer<? super String> action) {
            if (next == page.size()) {
              page = store.ids(name, prefix, last, IDS_AT_ONCE);
              next = 0;
              if (page.isEmpty()) {
                return false;
              }
              last = page.getLast();
            }
            action.accept(page.get(next++));
            return true;
          }
        };
    return StreamSupport.stream(pages, false);
  }
}
