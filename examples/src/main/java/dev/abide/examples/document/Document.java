package dev.abide.examples.document;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.time.Instant;
import java.util.List;

/** A whiteboard. What happened to it is all there is: strokes, and that some were taken back. */
@DurableObject("document")
@Exposed(sockets = true)
public interface Document {
  /** How many entries the history may have. */
  int ENTRIES_MAX = 100_000;

  /** How many numbers the points of one stroke may have: 1,000 points. */
  int NUMBERS_MAX = 2_000;

  /** The board's size; points lie on it. */
  int WIDTH = 1_600;

  int HEIGHT = 1_000;

  /** Something that happened to the board. */
  @Stored("entry")
  sealed interface Entry {}

  /**
   * A line was drawn.
   *
   * @param client who drew it
   * @param key the client's own name for it
   * @param at when
   * @param colour as {@code #rrggbb}
   * @param width in the board's points
   * @param points x, y, x, y, ...
   */
  @Stored("stroke")
  record Stroke(
      @StoredAs(1) String client,
      @StoredAs(2) long key,
      @StoredAs(3) Instant at,
      @StoredAs(4) String colour,
      @StoredAs(5) int width,
      @StoredAs(6) List<Integer> points)
      implements Entry {}

  /**
   * A line was taken back by who drew it.
   *
   * @param client who
   * @param key the client's own name for it
   * @param at when
   * @param stroke the number of the entry
   */
  @Stored("undo")
  record Undo(
      @StoredAs(1) String client,
      @StoredAs(2) long key,
      @StoredAs(3) Instant at,
      @StoredAs(4) long stroke)
      implements Entry {}

  /** Who is at the board; kept with the connection. */
  @Stored("person")
  record Person(@StoredAs(1) String client, @StoredAs(2) String name, @StoredAs(3) String colour) {}

  /** How many entries the history has. */
  @Exposed
  @ReadOnly
  long length();
}
