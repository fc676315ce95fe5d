package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("log")
interface Log {
  @OneWay
  @ReadOnly
  void look();
}
