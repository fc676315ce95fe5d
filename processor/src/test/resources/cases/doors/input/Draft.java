package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;

@DurableObject("draft")
@Exposed(sockets = true, requests = true)
interface Draft {
  void put(String text);
}
