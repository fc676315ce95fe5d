package dev.abide.engine.internal.observe;

/** What one engine counts of all its types together. For any thread. */
public final class EngineMeter {
  /**
   * Whether turns and waits in mailboxes are timed. Plain, since every call reads it: a turn that
   * begins while it changes is timed or not, and either will do.
   */
  public boolean timing;

  /** The waits at the gate. */
  public final TimeMeter gate = new TimeMeter();

  private final Counters<Limit> limits = new Counters<>(Limit.class);

  /** A meter at zero. */
  public EngineMeter() {}

  /** Counts that a bound was met. */
  public void met(Limit limit) {
    limits.increment(limit);
  }

  /** How often the bound was met. */
  public long count(Limit limit) {
    return limits.sum(limit);
  }
}
