package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.SafeToShare;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@DurableObject("room")
public interface Room {
  record Door(String name, Room to) {}

  @SafeToShare
  final class Token {}

  Room join(Room other, @Nullable Room next);

  Map<String, Room> rooms(List<Door> doors, Token token, Room[] all);
}
