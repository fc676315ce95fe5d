package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("cart")
interface Cart {
  @Exposed
  void add(String sku);

  @Exposed
  void add(String sku, int count);

  void fine(int count);

  void fine(long count);
}
