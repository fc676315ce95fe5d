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

  /** Whether operations of many are calls of a {@link Crowd}, whose times are taken one by one. */
  boolean crowds() default false;

  /**
   * Whether it asks for heap, not for speed: each method runs once in each of its JVMs, and what it
   * leaves in {@link HeapBenchmark.Found} is its figure.
   */
  boolean heap() default false;

  /** What the percentiles are the times of, where that is not one of what is counted. */
  String timed() default "";

  /**
   * The methods that the short mode asks where no pattern says which; all of them where none stands
   * here.
   */
  String[] briefMethods() default {};

  /**
   * The parameters of the short mode, as sets of {@code name=value,value} with spaces between them;
   * each set is measured, and a parameter that is missing in one has all its values there.
   */
  String[] brief() default {};

  /** Whether the short mode leaves it out where no pattern asks for it. */
  boolean longOnly() default false;

  /** How long each figure is warmed up in the short mode. */
  int briefWarmMillis() default 2_000;

  /**
   * How long each figure is warmed up in the long mode, where it shall be the code's last speed. A
   * crowd that keeps all processors busy gets the compilers to work late: on two of them it takes
   * calls to storage 8 to 20 s, in which a call costs three to ten times as much.
   */
  int warmMillis() default 2_000;
}
