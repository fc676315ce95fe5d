package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

interface Named {
  @ReadOnly
  String name() throws IOException;
}

interface Titled {
  @ReadOnly
  String name() throws FileNotFoundException, InterruptedException;
}

interface Box<T, X extends Exception> {
  @Exposed
  void put(List<T> items) throws X;

  Object take(T item);

  default int size() {
    return 0;
  }
}

@DurableObject("shelf")
interface Shelf extends Box<Long, IOException>, Named, Titled, Comparable<String>, Supplier<Integer> {
  @Override
  String take(Long item);

  @Override
  @ReadOnly
  int size();

  default int twice() {
    return 2 * size();
  }
}
