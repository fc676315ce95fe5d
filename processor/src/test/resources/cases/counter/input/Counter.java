package shop;

import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;

@DurableObject("counter")
public interface Counter {
  @Exposed
  long increment(long by);

  @Exposed
  @ReadOnly
  long value();

  void reset();

  @OneWay
  void hint(String text);

  @Deadline("500ms")
  int slow(int by);

  @Deadline("5s")
  void slower();
}
