package shop;

import dev.abide.annotations.*;

@DurableObject("draft")
@Exposed
interface Draft {
  void put(String text);
}
