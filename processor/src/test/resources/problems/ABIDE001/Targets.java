package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("counter")
class CounterObject {
  long increment(long by) {
    return by;
  }
}

@DurableObject("line")
record Line(StringBuilder text) {}

@DurableObject("colour")
enum Colour {
  RED
}

@DurableObject("mark")
@interface Mark {}
