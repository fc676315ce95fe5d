package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(
    @StoredAs(value = 1, missing = "") Optional<String> note,
    @StoredAs(value = 2, missing = "") List<String> tags,
    @StoredAs(value = 3, missing = "") byte[] image) {}

@Stored
enum Colour {
  @StoredAs(value = 1, missing = "RED")
  RED
}
