package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An instance was thrown away after a failed turn. */
@Name("dev.abide.Reset")
@Label("Reset")
@Category("Abide")
@Description("An instance was thrown away after a failed turn")
@StackTrace(false)
public final class ResetEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** The class of what the turn ended with. */
  @Label("Cause")
  public @Nullable String cause;

  /** An event that has not begun. */
  public ResetEvent() {}
}
