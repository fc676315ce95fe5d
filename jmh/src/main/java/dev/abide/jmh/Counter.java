package dev.abide.jmh;

import dev.abide.annotations.DurableObject;

/** The README's counter. */
@DurableObject("counter")
interface Counter {
  long increment(long by);
}
