package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("page")
interface Page {
  @Exposed
  String http(String path);
}
