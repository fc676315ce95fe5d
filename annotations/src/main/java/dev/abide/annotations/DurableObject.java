package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface whose instances are durable objects. The annotation processor generates its
 * stub, its call records and its descriptor.
 *
 * <p>The name is mandatory: it stands in storage and in addresses, so the interface may be renamed
 * and moved freely while the name stays. Two types of one engine may not share a name.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface DurableObject {
  /**
   * The name of the type: 1 to 64 characters of {@code a-z}, {@code 0-9}, {@code -}, {@code .} and
   * {@code _}, a letter first.
   */
  String value();
}
