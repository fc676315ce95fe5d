package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A batch of commits, written and synced together. */
@Name("dev.abide.Commit")
@Label("Commits")
@Category("Abide")
@Description("A batch of commits, written and synced together")
@StackTrace(false)
public final class CommitEvent extends Event {
  /** The number of the last commit. */
  @Label("Last number")
  public long number;

  /** How many commits. */
  @Label("Batch size")
  public int commits;

  /** How many bytes of records. */
  @Label("Bytes")
  @DataAmount
  public long bytes;

  /** How long the sync took. */
  @Label("Sync time")
  @Timespan(Timespan.NANOSECONDS)
  public long syncNanos;

  /** An event that has not begun. */
  public CommitEvent() {}
}
