package dev.abide.engine.spi;

/** Stored bytes are damaged, cut short, or of another type than they are read as. */
public final class CborException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String path;

  /**
   * For codecs.
   *
   * @param path where in the value: {@code lines[2].sku}, or empty for the value itself
   */
  public CborException(String path, String what) {
    super(path.isEmpty() ? what : path + ": " + what);
    this.path = path;
  }

  /** Where in the value. */
  public String path() {
    return path;
  }
}
