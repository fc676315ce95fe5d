package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that changes nothing. In its turn a write to storage, and a call to a method that
 * is not read-only itself, throws {@link IllegalStateException} before it touches anything.
 *
 * <p>Its reply still waits until everything that the object has seen is durable.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface ReadOnly {}
