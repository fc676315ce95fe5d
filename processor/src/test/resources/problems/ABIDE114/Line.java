package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
record Line(
    @StoredAs(value = 1, missing = "one") int quantity,
    @StoredAs(value = 2, missing = "GREEN") GoodColour colour,
    @StoredAs(value = 3, missing = {"a", "b"}) String name,
    @StoredAs(value = 4, missing = "2147483648") int large,
    @StoredAs(value = 5, missing = "yes") boolean sure,
    @StoredAs(value = 6, missing = "ab") char letter,
    @StoredAs(value = 7, missing = "today") java.time.LocalDate day) {}

@Stored
enum GoodColour {
  @StoredAs(1)
  RED
}
