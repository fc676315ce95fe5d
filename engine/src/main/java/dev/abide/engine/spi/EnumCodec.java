package dev.abide.engine.spi;

/**
 * Codecs of enums: a constant is its number.
 *
 * <p>Generated; stateless and safe for all threads.
 */
public abstract class EnumCodec<E extends Enum<E>> implements StoredCodec<E> {
  private static final int NUMBER_MAX = 65_535;

  /** For generated codecs. */
  protected EnumCodec() {}

  /** The constant's number. */
  public abstract int number(E value);

  /**
   * The constant of the number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public abstract E constant(int number);

  @Override
  public final void write(CborWriter out, E value) {
    out.writeInt(number(value));
  }

  @Override
  public final E read(CborReader in) {
    int number = (int) in.readInt(1, NUMBER_MAX);
    try {
      return constant(number);
    } catch (IllegalArgumentException e) {
      throw in.refuse(e.getMessage() == null ? "no constant has its number" : e.getMessage());
    }
  }
}
