package dev.abide.engine.spi;

/**
 * Turns values of one type into CBOR and back. Stateless and safe for all threads. Generated for
 * {@code @Stored} types, {@code a.b.LineCodec} for {@code a.b.Line} and {@code a.b.Cart_LineCodec}
 * for {@code a.b.Cart.Line}, public with a public constructor without parameters.
 */
public interface Codec<T> {
  /** Writes the value as exactly one CBOR data item. */
  void write(CborWriter out, T value);

  /**
   * Reads exactly one data item.
   *
   * @throws CborException if the bytes are damaged, cut short or of another type; the path in it
   *     tells where
   */
  T read(CborReader in);

  /** What its values are made of. */
  Form form();
}
