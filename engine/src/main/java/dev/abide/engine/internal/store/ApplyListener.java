package dev.abide.engine.internal.store;

/** Told when what an object committed has reached the store. */
public interface ApplyListener {
  /** Tells nobody: for commits that are replayed. */
  ApplyListener NONE = number -> {};

  /**
   * Everything that this object committed up to this number is in the store and will be read from
   * there. Called on a store thread; must be short, must not block and must not throw. Numbers only
   * grow; some may be left out where several commits were applied at once.
   */
  void applied(long number);
}
