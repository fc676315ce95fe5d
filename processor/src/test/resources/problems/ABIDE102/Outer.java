package shop;

import dev.abide.annotations.*;
import java.util.*;

class Outer {
  @Stored
  private record Line(@StoredAs(1) String sku) {}

  @Stored
  record Cart(@StoredAs(1) List<Line> lines) {}
}
