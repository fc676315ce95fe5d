package dev.abide.engine;

import java.time.Instant;

/**
 * An alarm that goes off.
 *
 * @param name its name
 * @param due the time that it was set for, the same in all attempts; it may be long past
 * @param attempt 0 the first time, then how often it has failed
 */
public record AlarmEvent(String name, Instant due, int attempt) {}
