package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@code void} method whose caller does not wait for the turn. The call returns when it is
 * accepted, which is not durable; it begins a chain of its own; a failure is reported to the
 * engine's report listener instead of thrown. Order is kept with the caller's other calls to the
 * same object, two-way ones included.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OneWay {}
