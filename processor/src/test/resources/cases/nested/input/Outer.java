package shop.deep;

import dev.abide.annotations.DurableObject;

public final class Outer {
  static class Inner {
    @DurableObject("inner")
    interface Room {
      void enter(Outer.Key key);
    }
  }

  record Key(String text) {}
}
