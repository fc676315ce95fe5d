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

  private static final WakeEvent LOOK = new WakeEvent();

  private WakeEvent() {}

  /** One that begins now, or null if nobody records it. */
  public static @Nullable WakeEvent begun() {
    if (!LOOK.isEnabled()) {
      return null;
    }
    WakeEvent event = new WakeEvent();
    event.begin();
    return event;
  }
}
