package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored(retired = 4)
record Line(String sku, @StoredAs(2) int quantity) {}

@Stored
enum Colour {
  RED
}
