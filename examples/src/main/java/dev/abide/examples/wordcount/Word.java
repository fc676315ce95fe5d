package dev.abide.examples.wordcount;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;

/** How often a word was seen. */
@DurableObject("word")
public interface Word {
  /**
   * Counts the word of a batch, once: batches of a source come in order, and one that comes again
   * changes nothing.
   */
  void count(String source, long batch, long times);

  /** How often the word was seen, in all sources. */
  @ReadOnly
  long total();

  /** The implementation. */
  final class WordObject implements Word {
    private final Cell<Long> total;
    private final StoredMap<String, Long> lastBatches;

    public WordObject(ObjectContext context) {
      total = context.storage().cell("total", Long.class, 0L);
      lastBatches = context.storage().map("last batches", String.class, Long.class);
    }

    @Override
    public void count(String source, long batch, long times) {
      if (batch > lastBatches.get(source, 0L)) {
        lastBatches.put(source, batch);
        total.update(before -> before + times);
      }
    }

    @Override
    public long total() {
      return total.get();
    }
  }
}
