package shop;

import dev.abide.annotations.*;
import java.util.*;

@DurableObject("unsafe")
interface Unsafe {
  record Line(String sku, StringBuilder note) {}

  record Blob(byte[] bytes) {}

  sealed interface Shape {}

  record Circle(Date drawn) implements Shape {}

  non-sealed interface Other extends Shape {}

  class Mutable {}

  abstract class Base {}

  interface Open {}

  @SafeToShare
  final class Box<T> {}

  void box(Box<List<String>> box, Box<String> fine, Box<Date> date);

  void lines(Map<String, List<Line>> lines);

  void list(ArrayList<String> list);

  void collection(Collection<String> collection);

  void iterable(Iterable<String> iterable);

  void sequenced(SequencedCollection<String> sequenced);

  void treeMap(TreeMap<String, String> map);

  void hashSet(HashSet<String> set);

  void raw(@SuppressWarnings("rawtypes") List raw);

  void wild(List<? extends Number> wild);

  void date(Date date);

  void object(Object object);

  void number(Number number);

  void chars(CharSequence chars);

  void matrix(int[][] matrix);

  void arrays(List<String[]> arrays);

  void blob(Blob blob);

  void shape(Shape shape);

  void mutable(Mutable mutable);

  void base(Base base);

  void open(Open open);

  void run(Runnable task, java.util.function.Function<String, String> function);

  void clock(java.time.Clock clock);

  Exception failure();

  java.util.stream.Stream<String> stream();

  Void nothing();

  Optional<StringBuilder> text();
}
