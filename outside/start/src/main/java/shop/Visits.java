package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

@DurableObject("visits")
public interface Visits {
  long visit();

  @ReadOnly
  long count();

  final class VisitsObject implements Visits {
    private final Cell<Long> count;

    public VisitsObject(ObjectContext context) {
      count = context.storage().cell("count", Long.class, 0L);
    }

    @Override
    public long visit() {
      return count.update(n -> n + 1);
    }

    @Override
    public long count() {
      return count.get();
    }
  }
}
