package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** What a reply waited for the disk. */
@Name("dev.abide.GateWait")
@Label("Wait at the gate")
@Category("Abide")
@Description("What a reply waited for the disk")
@StackTrace(false)
@Threshold("10 ms")
public final class GateWaitEvent extends Event {
  /** The commit that it waited for. */
  @Label("Commit")
  public long number;

  private static final GateWaitEvent LOOK = new GateWaitEvent();

  private GateWaitEvent() {}

  /** One that begins now, or null if nobody records it. */
  public static @Nullable GateWaitEvent begun() {
    if (!LOOK.isEnabled()) {
      return null;
    }
    GateWaitEvent event = new GateWaitEvent();
    event.begin();
    return event;
  }
}
