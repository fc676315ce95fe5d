package dev.abide.engine.spi;

/**
 * A null found deep inside an argument or a result. Its path grows on the way out, so that nothing
 * is built for it while all is well.
 */
final class NullPart extends NullPointerException {
  private static final long serialVersionUID = 1;

  private final String what;
  private final StringBuilder path;

  NullPart(String what, String place) {
    this.what = what;
    this.path = new StringBuilder(place);
  }

  /** The same, seen from the part around it. */
  NullPart inside(String place) {
    path.insert(0, place);
    return this;
  }

  @Override
  public String getMessage() {
    return what
        + " has a null at "
        + (path.charAt(0) == '.' ? path.substring(1) : path.toString())
        + "; nulls may not be in collections, leave them out or use Optional";
  }
}
