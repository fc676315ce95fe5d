package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The turn of an alarm. */
@Name("dev.abide.Alarm")
@Label("Alarm")
@Category("Abide")
@Description("The turn of an alarm")
@StackTrace(false)
public final class AlarmEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** The name of the alarm. */
  @Label("Name")
  public @Nullable String name;

  /** How often it has failed before. */
  @Label("Attempt")
  public int attempt;

  /** How long after its time the turn began. */
  @Label("Lateness")
  @Timespan(Timespan.MILLISECONDS)
  public long latenessMs;

  /** Whether it failed. */
  @Label("Failed")
  public boolean failed;

  /** An event that has not begun. */
  public AlarmEvent() {}
}
