package dev.abide.jmh.edge;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;

/** A counter in a field, and one in storage. */
@DurableObject("hits")
interface Hits {
  @Exposed
  long count(long by);

  @Exposed
  long store(long by);
}
