package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("log")
interface Log {
  @OneWay
  void append(String line) throws java.io.IOException, IllegalStateException;
}
