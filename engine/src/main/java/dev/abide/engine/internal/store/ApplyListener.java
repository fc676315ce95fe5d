package dev.abide.engine.internal.store;

/** The object of a commit: told when what it committed has reached the store. */
public interface ApplyListener {
  /** Tells nobody: for commits that are replayed. */
  ApplyListener NONE = number -> {};

  /**
   * Everything that this object committed up to this number is in the store and will be read from
   * there. Called on a store thread; must be short, must not block and must not throw. Numbers only
   * grow; some may be left out where several commits were applied at once.
   */
  void applied(long number);

  /** Whether what the object commits has to be synced before it is answered for. */
  default boolean synced() {
    return true;
  }
}
