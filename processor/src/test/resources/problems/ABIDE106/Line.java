package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(@StoredAs(1) String sku, @StoredAs(1) int quantity) {}

@Stored
enum Colour {
  @StoredAs(7)
  RED,
  @StoredAs(7)
  CRIMSON
}
