package shop;

import dev.abide.annotations.*;

@DurableObject("draft")
interface Draft {
  @Exposed(sockets = true)
  void put(String text);
}
