package dev.abide.engine.internal.activation;

/**
 * What something that leaves the engine depends on.
 *
 * @param durable the newest commit of the level {@code SYNC}: it has to be durable
 * @param written the newest commit of any level that the journal takes: it has to be written
 */
record Seen(long durable, long written) {
  /** Depends on nothing. */
  static final Seen NOTHING = new Seen(0, 0);
}
