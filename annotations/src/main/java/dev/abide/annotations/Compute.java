package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a durable interface: its turns are heavy on the processor. At most as many of them run at once
 * as there are processors, on platform threads of their own, so that objects whose turns are short
 * are not kept from theirs. Calls of such objects are always queued.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Compute {}
