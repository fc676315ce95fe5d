package dev.abide.examples.wordcount;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

/** How far a text has been counted. */
@DurableObject("source")
public interface Source {
  /** Whether this is the text that was begun; the first one to ask begins it. */
  boolean isSame(String fingerprint);

  /** The last batch of which every word is counted. */
  @ReadOnly
  long done();

  /** Every word of the batch is counted. */
  void finish(long batch);

  /** The implementation. */
  final class SourceObject implements Source {
    private final Cell<String> fingerprint;
    private final Cell<Long> done;

    public SourceObject(ObjectContext context) {
      fingerprint = context.storage().cell("fingerprint", String.class);
      done = context.storage().cell("done", Long.class, 0L);
    }

    @Override
    public boolean isSame(String asked) {
      if (fingerprint.find().isEmpty()) {
        fingerprint.set(asked);
      }
      return fingerprint.get().equals(asked);
    }

    @Override
    public long done() {
      return done.get();
    }

    @Override
    public void finish(long batch) {
      done.set(Math.max(done.get(), batch));
    }
  }
}
