package base;

import dev.abide.annotations.*;

public class GoodBase {
  @Stored
  protected record GoodLine(@StoredAs(1) String sku) {}
}
