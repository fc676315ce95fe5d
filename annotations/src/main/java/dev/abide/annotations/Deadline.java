package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The default deadline of a call. A call with a deadline is always queued, never run on the
 * caller's own thread. When the deadline passes while the call is queued, it never runs; when it
 * passes in the turn, the turn is interrupted and the caller leaves.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Deadline {
  /**
   * A positive whole number and a unit, {@code ms}, {@code s}, {@code m} or {@code h}: {@code
   * "500ms"}, {@code "5s"}.
   */
  String value();
}
