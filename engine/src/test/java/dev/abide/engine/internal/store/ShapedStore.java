package dev.abide.engine.internal.store;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Directories whose maps are kept as only a test has them. */
public final class ShapedStore {
  private ShapedStore() {}

  /** Opens one. */
  public static DiskStore open(
      Path directory,
      StoreOptions how,
      UnaryOperator<Disk> disk,
      ChronicleStore.Options maps,
      Consumer<Throwable> onFailure) {
    return DiskStore.open(directory, how, disk, maps, onFailure, (what, cause) -> {});
  }
}
