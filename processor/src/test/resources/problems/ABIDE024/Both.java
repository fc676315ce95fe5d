package shop;

import dev.abide.annotations.*;
import java.util.*;

interface Named {
  @ReadOnly
  String name();
}

interface Titled {
  String name();
}

@DurableObject("both")
interface Both extends Named, Titled {}
