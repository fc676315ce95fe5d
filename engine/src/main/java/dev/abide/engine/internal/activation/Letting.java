package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.ClosedException;
import dev.abide.engine.ResetException;
import dev.abide.engine.spi.StageCall;

/** Why an object lets go of what its instance does beside its turns. */
enum Letting {
  /** A turn failed. */
  RESET("was reset"),
  /** It was deleted. */
  DELETED("was deleted"),
  /** It falls asleep, which it does not while something is under way, unless the engine closes. */
  ASLEEP("was put to sleep"),
  /** The engine closes. */
  CLOSED("was open when the engine closed"),
  /** The engine has stopped. */
  STOPPED("was open when the engine stopped");

  private final String what;

  Letting(String what) {
    this.what = what;
  }

  /** What the caller of an open stage is told. */
  AbideException exception(Activation activation, StageCall call) {
    String method = activation.type.name() + "." + call.method().name();
    if (this == CLOSED || this == STOPPED) {
      return new ClosedException(
          "the stage of "
              + method
              + " of "
              + activation
              + " "
              + what
              + "; what it does is not known",
          null,
          false,
          Applied.UNKNOWN);
    }
    return new ResetException(
        activation
            + " "
            + what
            + " while the stage that "
            + method
            + " had returned was open; what it does is not known");
  }
}
