package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * Storage could not be read or written: the journal or the store failed, there is no room, or
 * stored data could not be decoded.
 */
public final class StorageException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public StorageException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "storage-failed";
  }
}
