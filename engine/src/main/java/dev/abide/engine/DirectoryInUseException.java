package dev.abide.engine;

/**
 * Another engine has the directory open; the message names the holder. Retryable once it is closed.
 */
public final class DirectoryInUseException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public DirectoryInUseException(String message) {
    super(message, null, true, Applied.NO);
  }

  @Override
  public String code() {
    return "directory-in-use";
  }
}
