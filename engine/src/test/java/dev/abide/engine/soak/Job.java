package dev.abide.engine.soak;

import dev.abide.engine.ResetException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A call, as its caller issues it.
 *
 * @param stream who issues it: a caller's name, or an object's, whose turns call one after the
 *     other
 * @param n grows along the stream
 * @param kind what it does
 * @param root the caller at the beginning of the chain, which may be interrupted; -1 if nobody
 *     waits
 * @param base how often that caller had been interrupted when it began
 * @param timed whether it has a deadline
 * @param other the object that it calls, if it calls one
 * @param inner what it wants there
 */
public record Job(
    String stream,
    long n,
    Kind kind,
    int root,
    long base,
    boolean timed,
    String other,
    Kind inner) {
  /** What a job does. */
  public enum Kind {
    READ(12, false),
    PUT(40, true),
    /** Takes some milliseconds, unless it is interrupted. */
    PUT_SLOWLY(1, true),
    THROW_WRITTEN(3, false),
    THROW_UNWRITTEN(3, false),
    COMMIT_THROW(2, true),
    ERROR(1, false),
    RESET(1, false),
    /** Calls another, and fails if that is refused. */
    NEST(6, true),
    /** Calls another, and takes it as it comes. */
    NEST_CALMLY(6, true);

    private final int weight;
    private final boolean leaves;

    Kind(int weight, boolean leaves) {
      this.weight = weight;
      this.leaves = leaves;
    }

    /** Whether something is left of it when it has run, if nothing that it calls fails. */
    boolean leaves() {
      return leaves;
    }

    boolean nests() {
      return this == NEST || this == NEST_CALMLY;
    }

    /** The exception that its caller must get; null if none. */
    @Nullable Class<? extends Throwable> failure() {
      return switch (this) {
        case THROW_WRITTEN, THROW_UNWRITTEN, COMMIT_THROW -> Hot.Boom.class;
        case ERROR -> Hot.Bang.class;
        case RESET -> ResetException.class;
        case READ, PUT, PUT_SLOWLY, NEST, NEST_CALMLY -> null;
      };
    }

    static Kind random(SplittableRandom random) {
      int total = 0;
      for (Kind kind : values()) {
        total += kind.weight;
      }
      int at = random.nextInt(total);
      for (Kind kind : values()) {
        at -= kind.weight;
        if (at < 0) {
          return kind;
        }
      }
      throw new AssertionError("the weights sum up to " + total);
    }
  }
}
