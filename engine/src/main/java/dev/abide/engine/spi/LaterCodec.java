package dev.abide.engine.spi;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A codec that is made when it is first used. */
final class LaterCodec<T> implements Codec<T> {
  private final Supplier<? extends Codec<T>> maker;

  /*
   * Plain on purpose: two threads may each make one, and both are as good, since codecs have no
   * state of their own to be seen half made.
   */
  private @Nullable Codec<T> codec;

  LaterCodec(Supplier<? extends Codec<T>> maker) {
    this.maker = maker;
  }

  @Override
  public void write(CborWriter out, T value) {
    codec().write(out, value);
  }

  @Override
  public T read(CborReader in) {
    return codec().read(in);
  }

  @Override
  public Form form() {
    return codec().form();
  }

  private Codec<T> codec() {
    Codec<T> made = codec;
    if (made == null) {
      made = maker.get();
      codec = made;
    }
    return made;
  }
}
