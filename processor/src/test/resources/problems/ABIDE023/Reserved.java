package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("reserved")
interface Reserved {
  String target();

  void await(long commit);

  void finalize();

  String target(String fine);
}
