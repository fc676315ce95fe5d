package shop;

import dev.abide.annotations.*;
import java.util.*;

class Names {
  @DurableObject("Cart")
  interface Upper {}

  @DurableObject("")
  interface Empty {}

  @DurableObject("a/b")
  interface Slash {}

  @DurableObject("1a")
  interface Digit {}

  @DurableObject("a23456789012345678901234567890123456789012345678901234567890123456")
  interface Long {}
}
