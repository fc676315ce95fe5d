package dev.abide.jmh;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a class of benchmarks asks, and how its answers are shown. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Question {
  /** The question, as a sentence. */
  String value();

  /** The method that the others are divided by. */
  String yardstick();

  /** What is counted. */
  String unit() default "calls";

  /** How durable an answer is when it comes: {@code none} or {@code SYNC}. */
  String durability() default "none";

  /** The parameters of the short mode, as {@code name=value,value}; all others are left as is. */
  String[] brief() default {};

  /**
   * For how many seconds at least each figure is warmed up, in either mode: for questions whose
   * code is so much that the compiler needs longer than for a call.
   */
  int warmSeconds() default 0;
}
