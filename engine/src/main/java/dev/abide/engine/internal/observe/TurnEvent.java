package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** One run of the code of an object, until its commit has its number. */
@Name("dev.abide.Turn")
@Label("Turn")
@Category("Abide")
@Description("One run of the code of an object, until its commit has its number")
@StackTrace(false)
@Threshold("10 ms")
public final class TurnEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** The method, or what else began the turn. */
  @Label("Method")
  public @Nullable String method;

  /** Whether it ran on its caller's thread. */
  @Label("Inline")
  public boolean inline;

  /** Whether it ended with an exception. */
  @Label("Failed")
  public boolean failed;

  /** An event that has not begun. */
  public TurnEvent() {}
}
