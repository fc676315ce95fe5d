package dev.abide.engine.internal.activation;

import dev.abide.engine.Durability;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.spi.Turn;

/**
 * What an object has seen: the newest commits that it depends on, and how far they are safe. The
 * innermost part of an {@link Activation}.
 */
abstract class Witness extends Turn implements ApplyListener {
  final Engine engine;
  final HostedType<?> type;
  final ObjectName name;

  /** The newest commit of the level SYNC that anything here depends on: it has to be durable. */
  long seen;

  /** The newest commit of any level that the journal takes: it has to be written. */
  long seenWritten;

  /** How far everything was durable at the last look. */
  private long knownDurable;

  /** How far everything was written at the last look. */
  private long knownWritten;

  /** What {@code applied} was when the view was told last. */
  long lookedApplied;

  volatile long applied;

  Witness(Engine engine, HostedType<?> type, ObjectName name) {
    super(!type.inline());
    this.engine = engine;
    this.type = type;
    this.name = name;
  }

  /** The whole of which this is a part. */
  abstract Activation self();

  /** Whether what was seen is safe; a number that was found so is not asked for again. */
  boolean mayLeave() {
    if (seen > knownDurable) {
      knownDurable = engine.store.durable();
    }
    if (seenWritten > knownWritten) {
      knownWritten = engine.store.written();
    }
    return seen <= knownDurable && seenWritten <= knownWritten;
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

  @Override
  public boolean synced() {
    return type.durability() == Durability.SYNC;
  }

  /** A number that grows with each of this object's commits. */
  long lastOfStore() {
    return engine.store.lastOf(name.type());
  }

  void saw(long commit, long written) {
    if (commit > seen) {
      seen = commit;
    }
    if (written > seenWritten) {
      seenWritten = written;
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
  public void applied(long number) {
    if (number > applied) {
      applied = number;
    }
  }

  long applied() {
    return applied;
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
