package dev.abide.jmh;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

/** A number in a field, and one in storage. */
@DurableObject("tally")
public interface Tally {
  /** A record as an argument. */
  record Parcel(long by, int weight, double price, String label) {}

  /** Adds to the number in the field; nothing is written. */
  long add(long by);

  /** Adds one. */
  long next();

  /** Adds, with three arguments more. */
  long addFour(long by, int weight, double price, String label);

  /** Adds what stands in a record. */
  long addParcel(Parcel parcel);

  /** Adds; nobody waits for it. */
  @OneWay
  void tell(long by);

  /** Adds to the number in storage. */
  long store(long by);

  /** Adds to the number in storage; nobody waits for it. */
  @OneWay
  void tellStore(long by);

  /** The number in storage. */
  @ReadOnly
  long stored();

  /** The implementation. */
  final class TallyObject implements Tally {
    private final Cell<Long> stored;
    private long count;

    public TallyObject(ObjectContext context) {
      stored = context.storage().cell("count", Long.class, 0L);
    }

    @Override
    public long add(long by) {
      count += by;
      return count;
    }

    @Override
    public long next() {
      count++;
      return count;
    }

    @Override
    public long addFour(long by, int weight, double price, String label) {
      count += by;
      return count;
    }

    @Override
    public long addParcel(Parcel parcel) {
      count += parcel.by();
      return count;
    }

    @Override
    public void tell(long by) {
      count += by;
    }

    @Override
    public long store(long by) {
      return stored.update(n -> n + by);
    }

    @Override
    public void tellStore(long by) {
      stored.update(n -> n + by);
    }

    @Override
    public long stored() {
      return stored.get();
    }
  }
}
