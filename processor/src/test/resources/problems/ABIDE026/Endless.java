package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("endless")
interface Endless {
  record Grow<T>(T value, Optional<Grow<List<T>>> next) {}

  void put(Grow<String> grow);
}
