package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An object was built from what it had stored: constructor, onWake and commit. */
@Name("dev.abide.Wake")
@Label("Wake")
@Category("Abide")
@Description("An object was built from what it had stored: constructor, onWake and commit")
@StackTrace(false)
public final class WakeEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** Whether the constructor or onWake threw. */
  @Label("Failed")
  public boolean failed;

  /** An event that has not begun. */
  public WakeEvent() {}
}
