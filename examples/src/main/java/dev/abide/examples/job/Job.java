package dev.abide.examples.job;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;

/**
 * Long work that a person has to approve: counts the primes below a number, block by block. The
 * first blocks are a sample; the rest is done when somebody has seen it and said yes. Who plugs in
 * is told how far it has come, now and whenever it has come further.
 */
@DurableObject("job")
@Exposed(sockets = true)
public interface Job {
  /** How many numbers are in a block. */
  int BLOCK = 50_000;

  /** How many blocks are the sample. */
  int SAMPLE = 10;

  /** The highest number below which primes are counted. */
  int UP_TO_MAX = 1_000_000_000;

  /** Where a job stands. */
  @Stored
  enum Phase {
    /** Not started yet. */
    @StoredAs(1)
    NEW,
    /** The sample is made. */
    @StoredAs(2)
    SAMPLING,
    /** The sample is there, and a person has to approve. */
    @StoredAs(3)
    WAITING,
    /** The rest is done. */
    @StoredAs(4)
    COUNTING,
    /** The whole is done. */
    @StoredAs(5)
    DONE,
    /** Somebody cancelled it, or nobody approved in time. */
    @StoredAs(6)
    CANCELLED
  }

  /**
   * How far it has come.
   *
   * @param done how many blocks are counted, of how many
   * @param primes how many primes were in them
   * @param note what happened last
   */
  record Progress(Phase phase, int done, int of, long primes, String note) {}

  /** What was asked for does not go with where the job stands. */
  final class WrongPhaseException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what was asked for, and where the job stands. */
    public WrongPhaseException(String asked, Phase phase) {
      super(asked + " was asked for, and the job is " + phase);
    }
  }

  /** Begins; a job that is done or cancelled may begin again. */
  @Exposed
  Progress start(int upTo) throws WrongPhaseException;

  /** Lets it go on after the sample. */
  @Exposed
  Progress approve(String by) throws WrongPhaseException;

  /** Ends it where it is. */
  @Exposed
  Progress cancel() throws WrongPhaseException;

  /** Where it stands. */
  @Exposed
  @ReadOnly
  Progress progress();
}
