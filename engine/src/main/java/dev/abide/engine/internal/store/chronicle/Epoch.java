package dev.abide.engine.internal.store.chronicle;

import java.util.ArrayList;
import java.util.List;

/**
 * Commits that arrived between two barriers of a store thread; a barrier ends when all before it
 * are in.
 */
final class Epoch {
  int outstanding;
  boolean closed;
  final List<Request<?>> waiting = new ArrayList<>();
}
