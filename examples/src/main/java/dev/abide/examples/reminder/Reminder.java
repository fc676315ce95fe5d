package dev.abide.examples.reminder;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import java.time.Instant;
import java.util.List;

/** What one person wants to be reminded of. */
@DurableObject("reminder")
public interface Reminder {
  /** How many reminders one person may have waiting. */
  int WAITING_MAX = 100;

  /** How many that were said are remembered. */
  int SAID_MAX = 20;

  /** The longest time, in seconds: ten years. */
  int SECONDS_MAX = 10 * 366 * 24 * 3_600;

  /** Something that waits for its time. */
  record Waiting(String text, Instant due) {}

  /** Something that was said. */
  record Said(String text, Instant at) {}

  /** Reminds of this in so many seconds; said again, the new time counts. */
  @Exposed
  Instant remind(String text, int seconds);

  /** Reminds of this every day at this hour, UTC. */
  @Exposed
  Instant remindDaily(String text, int hour);

  /** Reminds of this no more; whether it would have. */
  @Exposed
  boolean forget(String text);

  /** What waits. */
  @Exposed
  @ReadOnly
  List<Waiting> waiting();

  /** What was said, newest first. */
  @Exposed
  @ReadOnly
  List<Said> said();
}
