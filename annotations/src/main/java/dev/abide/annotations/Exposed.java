package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what may be reached from outside the process, through an adapter. Nothing else may be.
 *
 * <p>On a method of a durable interface: clients may call it. Exposed methods may not be
 * overloaded, and may not take or return durable interfaces: pass the id instead.
 *
 * <p>On a {@code @DurableObject} interface, as {@code @Exposed(sockets = true, requests = true)}:
 * clients may plug sockets in, raw requests come in. It exposes no method.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Exposed {
  /** Whether clients may plug sockets in; on interfaces only. */
  boolean sockets() default false;

  /** Whether raw HTTP requests come in; on interfaces only. */
  boolean requests() default false;
}
