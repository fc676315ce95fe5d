package shop;

import dev.abide.annotations.*;
import java.util.*;

final class CounterObject {
  @ReadOnly
  long value() {
    return 0;
  }

  @Exposed
  @OneWay
  @Deadline("5s")
  void hint() {}
}
