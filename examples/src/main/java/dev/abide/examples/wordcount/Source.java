package dev.abide.examples.wordcount;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

/** How far a text has been counted. */
@DurableObject("source")
public interface Source {
  /** The last batch that was begun; of all before it, every word is counted. Zero: none. */
  @ReadOnly
  long begun();

  /**
   * Begins a batch, or the last one again.
   *
   * @param digest of the text from its start to the end of the batch
   * @return whether a batch that is begun again is the same as it was; if not, nothing changes
   */
  boolean begin(long batch, String digest);

  /** The implementation. */
  final class SourceObject implements Source {
    private final Cell<Long> begun;
    private final Cell<String> digest;

    public SourceObject(ObjectContext context) {
      begun = context.storage().cell("begun", Long.class, 0L);
      digest = context.storage().cell("digest", String.class);
    }

    @Override
    public long begun() {
      return begun.get();
    }

    @Override
    public boolean begin(long batch, String asked) {
      if (batch == begun.get()) {
        return digest.get().equals(asked);
      }
      if (batch != begun.get() + 1) {
        throw new IllegalArgumentException(
            "batch " + batch + " cannot begin behind batch " + begun.get());
      }
      begun.set(batch);
      digest.set(asked);
      return true;
    }
  }
}
