package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("log")
interface Log {
  @OneWay
  @Deadline("5s")
  void append(String line);
}
