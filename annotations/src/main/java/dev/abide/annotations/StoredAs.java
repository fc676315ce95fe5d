package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The number on disk of a record component or an enum constant of a {@link Stored} type. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface StoredAs {
  /** 1 to 65,535, unique in its type; it is never changed and never used for anything else. */
  int value();

  /**
   * At most one text: the value when old data lacks this component, for scalars, strings and enums;
   * parsed at compile time. A missing {@code Optional} or collection is empty; any other missing
   * component is a {@code StorageException}.
   */
  String[] missing() default {};
}
