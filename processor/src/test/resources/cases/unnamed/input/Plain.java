import dev.abide.annotations.DurableObject;
import java.util.List;

@DurableObject("plain")
interface Plain {
  record Item(List<String> names) {}

  void put(Item item);
}
