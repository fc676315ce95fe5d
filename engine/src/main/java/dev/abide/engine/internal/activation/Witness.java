package dev.abide.engine.internal.activation;

import dev.abide.engine.Durability;
import dev.abide.engine.spi.Turn;

/**
 * What an object has seen: the newest commits that it depends on, and how far they are safe. The
 * innermost part of an {@link Activation}.
 */
abstract class Witness extends Turn {
  final Engine engine;
  final HostedType<?> type;
  final String id;

  /** The newest commit of the level SYNC that anything here depends on: it has to be durable. */
  long seen;

  /** The newest commit of any level that the journal takes: it has to be written. */
  long seenWritten;

  /** Whether both were found safe; then the store is not asked again. */
  private boolean safe = true;

  Witness(Engine engine, HostedType<?> type, String id) {
    super(!type.inline());
    this.engine = engine;
    this.type = type;
    this.id = id;
  }

  /** The whole of which this is a part. */
  abstract Activation self();

  /** Whether what was seen is safe; a number that was found so is not asked for again. */
  boolean mayLeave() {
    if (!safe) {
      safe =
          (seen == 0 || seen <= engine.store.durable())
              // What is durable is written.
              && (seenWritten <= seen || seenWritten <= engine.store.written());
    }
    return safe;
  }

  /** Takes note of a commit of this object. */
  void committed(long number) {
    switch (type.durability()) {
      case SYNC -> saw(number, number);
      case PROCESS -> saw(0, number);
      // A number of another order, and nothing to wait for.
      case MEMORY -> {}
    }
  }

  /** Whether what this object commits has to be synced before it is answered for. */
  boolean synced() {
    return type.durability() == Durability.SYNC;
  }

  /** A number that grows with each of this object's commits. */
  long lastOfStore() {
    return engine.store.lastOf(type.name());
  }

  void saw(long commit, long written) {
    if (commit > seen) {
      seen = commit;
      safe = false;
    }
    if (written > seenWritten) {
      seenWritten = written;
      safe = false;
    }
  }

  Seen seen() {
    return new Seen(seen, seenWritten);
  }

  long seenDurable() {
    return seen;
  }

  long seenWritten() {
    return seenWritten;
  }

  @Override
  public String toString() {
    return type.name() + "/" + id;
  }
}
