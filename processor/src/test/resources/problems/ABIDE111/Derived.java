package shop;

import dev.abide.annotations.*;
import java.util.*;

class Derived extends base.GoodBase {
  @Stored
  record Cart(@StoredAs(1) List<GoodLine> lines) {}
}
