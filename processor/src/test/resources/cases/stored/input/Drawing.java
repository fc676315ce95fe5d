package art;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

@Stored(retired = {3, 9})
record Drawing(
    @StoredAs(2) String title,
    @StoredAs(1) long version,
    @StoredAs(4) List<Shape> shapes,
    @StoredAs(5) Map<String, Set<Colour>> palettes,
    @StoredAs(6) Optional<Drawing> parent,
    @StoredAs(7) Optional<List<Optional<Integer>>> marks,
    @StoredAs(value = 8, missing = "BLUE") Colour background,
    @StoredAs(10) byte[] preview) {

  @Stored
  enum Colour {
    @StoredAs(2)
    RED,
    @StoredAs(1)
    BLUE
  }

  @Stored
  sealed interface Shape {}

  @Stored("circle")
  record Circle(@StoredAs(1) double radius) implements Shape {}

  @Stored
  sealed interface Cornered extends Shape {}

  @Stored("rect")
  record Rectangle(@StoredAs(1) double width, @StoredAs(2) double height) implements Cornered {}

  @Stored("dot")
  record Dot() implements Shape {}
}
