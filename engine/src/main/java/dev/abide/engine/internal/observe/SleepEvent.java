package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The instance of an object was let go. */
@Name("dev.abide.Sleep")
@Label("Sleep")
@Category("Abide")
@Description("The instance of an object was let go")
@StackTrace(false)
public final class SleepEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** Why. */
  @Label("Reason")
  public @Nullable String reason;

  /** An event that has not begun. */
  public SleepEvent() {}
}
