package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A turn, a call or the replies of the engine have waited for longer than is allowed without a
 * report.
 */
@Name("dev.abide.LongWait")
@Label("Long wait")
@Category("Abide")
@Description(
    "A turn, a call or the replies of the engine have waited for longer than is allowed without a report")
@StackTrace(false)
public final class LongWaitEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** Who waits for whom, and behind what. */
  @Label("Says")
  public @Nullable String says;

  /** An event that has not begun. */
  public LongWaitEvent() {}
}
