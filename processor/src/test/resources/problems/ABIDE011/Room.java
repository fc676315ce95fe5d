package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("room")
interface Room {
  record Door(String name, Optional<Room> to) {}

  @Exposed
  void join(Room other);

  @Exposed
  List<Door> doors();

  void fine(Room other);
}
