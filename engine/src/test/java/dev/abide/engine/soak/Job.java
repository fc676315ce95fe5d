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
 * @param ending when its answer comes, if that may be later
 * @param root the caller at the beginning of the chain, which may be interrupted; -1 if nobody
 *     waits
 * @param base how often that caller had been interrupted when it began
 * @param timed whether it has a deadline, or may be cancelled
 * @param other the object that it calls, if it calls one
 * @param innerKind what it wants there
 * @param joins whether it waits there for an answer that may come later
 */
public record Job(
    String stream,
    long n,
    Kind kind,
    Ending ending,
    int root,
    long base,
    boolean timed,
    String other,
    Kind innerKind,
    boolean joins) {
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

  /** What a stage comes to that a turn returns. */
  public enum Ending {
    /** It is complete. */
    NOW,
    /** It has failed, though the turn has not. */
    FAILING,
    /** Another thread completes it. */
    ELSEWHERE,
    /** The object's next turn does. */
    NEXT_TURN;

    static Ending random(SplittableRandom random) {
      return values()[random.nextInt(values().length)];
    }
  }

  /** A look. */
  static Job look(String stream, long n) {
    return new Job(stream, n, Kind.READ, Ending.NOW, -1, 0, false, "", Kind.READ, false);
  }

  /** What this one, which an object does, calls another for. */
  Job inner(String object, long number) {
    // Whose next turn might wait for this one to end.
    Ending alone = ending == Ending.NEXT_TURN ? Ending.ELSEWHERE : ending;
    return new Job(object, number, innerKind, alone, root, base, timed, "", Kind.READ, false);
  }

  /** The exception that its caller must get if the answer comes later; null if none. */
  @Nullable Class<? extends Throwable> failureLater() {
    Class<? extends Throwable> meant = kind.failure();
    return meant == null && ending == Ending.FAILING ? Hot.Boom.class : meant;
  }

  /** Whether it was called by a turn of another. */
  boolean nested() {
    return !stream.startsWith("caller");
  }
}
