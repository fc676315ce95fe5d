package dev.abide.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The author of the class vouches that its instances may be shared between objects: nobody can
 * change them after construction, or every change is safe under concurrent use and meant to be seen
 * by all holders.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface SafeToShare {}
