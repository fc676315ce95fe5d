package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong and that no caller is told.
 *
 * @param kind what it is
 * @param type the type of the object that it concerns, or empty
 * @param id the id of the object that it concerns, or empty
 * @param message a sentence
 * @param cause the exception, or null
 */
public record Report(Kind kind, String type, String id, String message, @Nullable Throwable cause) {
  /** What a report is about. More kinds may come. */
  public enum Kind {
    /** A one-way call failed. */
    ONE_WAY_FAILED,
    /** An alarm has failed six times or more; it is tried again. */
    ALARM_FAILED,
    /** Background work of an object threw. */
    BACKGROUND_FAILED,
    /** A socket's event threw, and the client cannot be told why. */
    SOCKET_FAILED,
    /** {@link OnSleep#onSleep} threw; the object sleeps, what the hook wrote is not kept. */
    SLEEP_FAILED,
    /** A turn has run for longer than {@code longTurn}; the cause shows where its thread stands. */
    LONG_TURN,
    /**
     * A turn, a call or replies have waited for longer than {@code longWait}: for whom, in words.
     */
    LONG_WAIT,
    /** The journal or the store failed: the engine has stopped and must be opened anew. */
    STORAGE_FAILED,
    /** The thread that keeps times failed, which a clock that throws makes it do: as above. */
    SCANNER_FAILED,
    /** A turn outlived the grace of {@code close}; the directory stays locked until it ends. */
    CLOSE_OVERRUN,
    /** How far something that takes long has come: an open that rebuilds the store. */
    PROGRESS,
    /** The engine met an error of its own; it goes on. */
    INTERNAL
  }
}
