package dev.abide.engine.internal.store.chronicle;

import java.util.ArrayList;
import java.util.List;

/**
 * Commits that arrived between two barriers of a store thread; a barrier ends when all before it
 * are in.
 */
final class Epoch {
  int outstanding;

  /** All up to this number was handed over before the barrier; 0 if it does not say. */
  long number;

  boolean closed;
  final List<Request<?>> waiting = new ArrayList<>();
}
