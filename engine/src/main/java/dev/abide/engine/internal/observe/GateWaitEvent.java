package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

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

  /** An event that has not begun. */
  public GateWaitEvent() {}
}
