package dev.abide.engine.internal.store.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G5: a store thread that fails answers whoever waits, also where the memory has ended. */
@Timeout(60)
final class StoreThreadTest {
  private static final int HARD = 3;

  private final AtomicReference<Throwable> poison = new AtomicReference<>();
  private final AtomicInteger tellings = new AtomicInteger();
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean memory = true;

  private final StoreThread thread =
      new StoreThread("store-thread-test", this::poisoned, this::refusal, bytes -> {});

  private void poisoned(Throwable cause) {
    poison.compareAndSet(null, cause);
    if (tellings.incrementAndGet() <= HARD) {
      throw new OutOfMemoryError("no memory to tell it");
    }
    told.countDown();
  }

  private StorageException refusal() {
    Throwable cause = poison.get();
    if (cause == null) {
      return null;
    }
    if (!memory) {
      throw new OutOfMemoryError("no memory to say it");
    }
    return new StorageException("the store failed", cause, false, Applied.NO);
  }

  @AfterEach
  void end() {
    thread.end();
  }

  @Test
  void failureThatCannotBeTold_isToldLater_andAnsweredAtOnce() throws Exception {
    thread.start();
    Request<Boolean> before = thread.barrier(0);
    assertThat(before.await()).isTrue();

    assertThatThrownBy(() ->
            thread.ask(() -> {
              throw new OutOfMemoryError("in a read");
            }))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the store failed");
    assertThatThrownBy(() -> thread.ask(() -> "read")).isInstanceOf(StorageException.class);
    told.await();
    assertThat(tellings).hasValue(HARD + 1);
    assertThat(poison.get()).hasMessage("in a read");
  }

  @Test
  void whereNoAnswerCanBeMade_theOneThatWasMadeBeforeIsGiven() throws Exception {
    thread.start();
    memory = false;
    assertThatThrownBy(() ->
            thread.ask(() -> {
              throw new OutOfMemoryError("in a read");
            }))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no memory");
    assertThatThrownBy(() -> thread.ask(() -> "read"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no memory");
    assertThatThrownBy(() -> thread.barrier(0).await())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no memory");
    told.await();
  }
}
