/** The smallest durable object. */
@NullMarked
package dev.abide.examples.counter;

import org.jspecify.annotations.NullMarked;
