package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("unresolvable")
interface Unresolvable extends Missing<String> {
  record Line(Absent absent) {}

  void put(Lost lost, List<Gone> gone) throws Away;

  Nowhere find();

  void line(Line line);

  @Deadline(NOT_THERE)
  void slow();
}

@DurableObject(NO_NAME)
interface Nameless {}

@DurableObject
interface Bare {}
