package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record, a sealed interface of records or an enum that can be stored; the processor
 * generates its codec. The type may not be generic. Components and constants carry their number by
 * {@link StoredAs}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Stored {
  /** The name on disk; mandatory for members of a sealed hierarchy, where it tells them apart. */
  String value() default "";

  /** Numbers of former components or constants, never to be used again. */
  int[] retired() default {};
}
