package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("slow")
interface Slow {
  @Deadline("soon")
  void words();

  @Deadline("0s")
  void zero();

  @Deadline("-5s")
  void negative();

  @Deadline("5")
  void unit();

  @Deadline("1.5s")
  void fraction();

  @Deadline("9223372037s")
  void tooLong();

  @Deadline("99999999999999999999h")
  void muchTooLong();
}
