package dev.abide.engine.internal.compaction;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Of another cursor the records of commits between two numbers. */
final class BoundedCursor implements Cursor {
  private final Cursor under;
  private final long above;
  private final long upTo;

  /**
   * @param above only later commits
   * @param upTo no later commits
   */
  BoundedCursor(Cursor under, long above, long upTo) {
    this.under = under;
    this.above = above;
    this.upTo = upTo;
  }

  @Override
  public boolean next() throws IOException {
    while (under.next()) {
      if (under.number() > above && under.number() <= upTo) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ObjectKey object() {
    return under.object();
  }

  @Override
  public byte[] key() {
    return under.key();
  }

  @Override
  public long number() {
    return under.number();
  }

  @Override
  public boolean isRange() {
    return under.isRange();
  }

  @Override
  public byte @Nullable [] content() throws IOException {
    return under.content();
  }

  @Override
  public void close() throws IOException {
    under.close();
  }
}
