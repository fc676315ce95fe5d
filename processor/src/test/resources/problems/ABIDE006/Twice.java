package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("cart")
interface GoodCart {
  void clear();
}

@DurableObject("cart")
interface OtherCart {
  void clear();
}
