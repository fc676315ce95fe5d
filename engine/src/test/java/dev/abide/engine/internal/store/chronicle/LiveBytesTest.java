package dev.abide.engine.internal.store.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.StoreModel;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveBytesTest {
  @TempDir Path directory;

  @Test
  void liveBytesAreThoseOfTheModel_onceGravesAreEmpty() throws Exception {
    ChronicleStore.Options options = new ChronicleStore.Options(2, true, () -> {});
    try (FedStore store = new FedStore(directory, options)) {
      StoreModel model = new StoreModel(new SplittableRandom().nextLong(), 400, store::name);
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 150; i++) {
          store.append(model.next(ApplyListener.NONE));
        }
        store.awaitApplied();
        AtomicBoolean graves = new AtomicBoolean(true);
        while (graves.get()) {
          graves.set(false);
          store
              .store()
              .onEachShard(shard -> {
                if (shard.hasGraves()) {
                  graves.set(true);
                }
              });
        }
        assertThat(store.store().liveBytes()).isEqualTo(model.liveBytes());
      }
    }
  }
}
