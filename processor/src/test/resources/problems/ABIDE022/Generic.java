package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("generic")
interface Generic {
  <T> T echo(T value);

  <T extends String> void put(List<T> values);
}
