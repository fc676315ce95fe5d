package dev.abide.engine.internal.activation;

import dev.abide.engine.Storage;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.storage.StorageHandle;
import dev.abide.engine.internal.storage.StorageLimits;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.storage.TurnGuard;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectName;
import java.util.List;
import java.util.function.Function;

/** Shows what an object had once; to the thread that asked, while it looks, and to read only. */
final class PastLook implements TurnGuard {
  private final ObjectName name;
  private final Thread looks = Thread.currentThread();

  /** Written and read by that thread; another one is refused whatever it sees. */
  private boolean over;

  private PastLook(ObjectName name) {
    this.name = name;
  }

  static <R> R look(
      ObjectName name,
      List<Entry> entries,
      StorageLimits limits,
      Function<? super Storage, ? extends R> look) {
    try (MemoryStore store = new MemoryStore()) {
      ObjectName own = store.name(name.type(), name.id());
      List<Change> changes =
          entries.stream().map(entry -> new Change(entry.key(), entry.value())).toList();
      var _ = store.append(new Commit(own, false, List.of(), changes, ApplyListener.NONE));
      PastLook guard = new PastLook(name);
      try {
        StorageView view = new StorageView(store, own, limits, false);
        return look.apply(new StorageHandle(view, guard, new SchemaRecords(store, () -> {})));
      } finally {
        guard.over = true;
      }
    }
  }

  @Override
  public void reading() {
    if (Thread.currentThread() != looks || over) {
      throw new IllegalStateException(
          "the past of " + name + " is seen only in the function given to at(...), on its thread");
    }
  }

  @Override
  public void writing() {
    throw new IllegalStateException("the past of " + name + " cannot be changed");
  }

  @Override
  public long turn() {
    return 1;
  }
}
