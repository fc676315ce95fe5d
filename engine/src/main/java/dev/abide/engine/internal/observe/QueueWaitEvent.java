package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** What a turn waited in the mailbox of its object. */
@Name("dev.abide.QueueWait")
@Label("Wait in a mailbox")
@Category("Abide")
@Description("What a turn waited in the mailbox of its object")
@StackTrace(false)
@Threshold("10 ms")
public final class QueueWaitEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** An event that has not begun. */
  public QueueWaitEvent() {}
}
