package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("box")
interface Box<T> {
  void put(T item);
}
