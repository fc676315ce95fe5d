package dev.abide.engine.spi;

/** The codec of a {@code @Stored} type. Generated; stateless and safe for all threads. */
public interface StoredCodec<T> extends Codec<T> {
  /** What the type consists of. */
  Definition definition();

  @Override
  default Form form() {
    return new Form.Defined(this);
  }
}
