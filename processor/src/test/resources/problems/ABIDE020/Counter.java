package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("counter")
interface Counter {
  @Exposed
  static long zero() {
    return 0;
  }

  @ReadOnly
  private long one() {
    return 1;
  }

  @Exposed
  @Override
  String toString();
}
