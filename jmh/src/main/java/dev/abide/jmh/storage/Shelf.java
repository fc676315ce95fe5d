package dev.abide.jmh.storage;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.ReadOnly;

/** Values by number. */
@DurableObject("shelf")
public interface Shelf {
  /** Stores a value of that many bytes. */
  void put(long key, int bytes);

  /** Stores values of that many bytes under so many numbers from there on. */
  void fill(long from, int count, int bytes);

  /** Removes all values. */
  void clear();

  /** Ends the object. */
  void delete();

  /** The value's length, or -1. */
  @ReadOnly
  int length(long key);
}
