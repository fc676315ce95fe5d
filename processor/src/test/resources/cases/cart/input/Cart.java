package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@DurableObject("cart")
public interface Cart {
  record Line(String sku, int count, List<String> tags) {}

  record Node(String name, List<Node> children) {}

  record Plain(String name, Instant at, Optional<Plain> next) {}

  record Pair<A, B>(A first, B second) {}

  sealed interface Shape permits Circle, Group, Colour {}

  record Circle(double radius) implements Shape {}

  record Group(List<Shape> shapes, Set<String> names) implements Shape {}

  enum Colour implements Shape {
    RED
  }

  sealed interface Answer<T> {}

  record Ok<V>(V value) implements Answer<V> {}

  record No<V>(String reason) implements Answer<V> {}

  record Number(int value) implements Answer<Integer> {}

  @Exposed
  void add(Line line, @Nullable List<String> notes) throws IOException;

  @Exposed
  @ReadOnly
  List<Line> lines();

  @Exposed
  @Nullable Long price(String sku, long[] days, Map<String, List<Integer>> more);

  Plain plain(Plain plain);

  void tree(Node node);

  Shape draw(Shape shape);

  Map<String, Set<Line>> pairs(Pair<String, List<Line>> pair, Optional<List<String>> names);

  Answer<List<String>> ask(Answer<Pair<Integer, Boolean>> question);

  byte[] bytes(byte[] data, @Nullable int... more);

  String[] names(List<String>[] lists);
}
