package dev.abide.engine.internal.store.chronicle;

/** Lets tests of other rooms check all trees of a store: that they are whole, and all there is. */
public final class Structure {
  private Structure() {}

  public static void check(ChronicleStore store) {
    ShardCheck.check(store);
  }
}
