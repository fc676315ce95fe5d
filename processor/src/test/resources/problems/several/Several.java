package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("Several")
interface Several {
  @OneWay
  long hint(StringBuilder text);

  @Deadline("soon")
  void put(List<Date> dates, Object what);

  @Exposed
  void join(Several other);
}

@DurableObject("good-neighbour")
interface GoodNeighbour {
  void call();
}
