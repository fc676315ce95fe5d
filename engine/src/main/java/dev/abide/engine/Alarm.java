package dev.abide.engine;

import java.time.Instant;

/**
 * An alarm that is set.
 *
 * @param name its name in its object
 * @param due when it goes off next; after a failure, when it is tried again
 * @param attempt how often it has failed since it went off first
 */
public record Alarm(String name, Instant due, int attempt) {}
