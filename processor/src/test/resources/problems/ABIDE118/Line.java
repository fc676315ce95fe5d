package shop;

import dev.abide.annotations.*;
import java.util.*;

record Line(@StoredAs(1) String sku) {}

enum Colour {
  @StoredAs(1)
  RED
}

class Box {
  @StoredAs(1)
  int size;
}
