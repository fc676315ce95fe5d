package dev.abide.engine;

/** Why an object sleeps. More reasons may come. */
public enum SleepReason {
  /** Nothing called it for its idle timeout. */
  IDLE,
  /** More objects were awake than {@code awakeMax} allows, and it was among the longest idle. */
  AWAKE_MAX,
  /** {@link Abide#sleep} was called. */
  ASKED,
  /** The engine closes. */
  CLOSE
}
