package shop;

import dev.abide.annotations.*;
import java.util.*;

class Outer {
  @DurableObject("room")
  private interface Room {
    void enter();
  }

  private static class Inner {
    @DurableObject("hall")
    interface Hall {
      void enter();
    }
  }
}
