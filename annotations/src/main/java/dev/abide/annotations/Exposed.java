package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that may be reached from outside the process, through an adapter. Nothing else may
 * be. Exposed methods may not be overloaded, and may not take or return durable interfaces: pass
 * the id instead.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Exposed {}
