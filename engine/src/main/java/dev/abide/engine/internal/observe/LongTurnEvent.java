package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A turn has run for longer than its type allows without a report. */
@Name("dev.abide.LongTurn")
@Label("Long turn")
@Category("Abide")
@Description("A turn has run for longer than its type allows without a report")
@StackTrace(false)
public final class LongTurnEvent extends Event {
  /** The name of the type. */
  @Label("Type")
  public @Nullable String objectType;

  /** The id of the object. */
  @Label("Id")
  public @Nullable String objectId;

  /** How long it has run at least. */
  @Label("Age")
  @Timespan(Timespan.MILLISECONDS)
  public long ageMs;

  /** How many more turns its object has. */
  @Label("Turns that wait")
  public int waiting;

  /** An event that has not begun. */
  public LongTurnEvent() {}
}
