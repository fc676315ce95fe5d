package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("counter")
interface Counter {
  long increment(long by);
}

class CounterStub {}

class CounterDescriptor {}
