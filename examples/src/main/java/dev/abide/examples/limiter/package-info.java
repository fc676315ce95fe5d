/** A rate limiter. */
@NullMarked
package dev.abide.examples.limiter;

import org.jspecify.annotations.NullMarked;
