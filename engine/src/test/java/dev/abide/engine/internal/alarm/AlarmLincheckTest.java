package dev.abide.engine.internal.alarm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Gap;
import dev.abide.engine.internal.mailbox.Mailbox;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.storage.StorageLimits;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.stored.StorageKeys;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G10, G4: an alarm that is on its way, against the deletion of its object, its cancelling and its
 * being set again, on real threads. Mailbox, view, store with its index, and the alarm's look at
 * what is stored are the engine's own; together they are too large for the model checker. An alarm
 * that goes off behind the deletion leaves a count in an object that should not exist, or one too
 * many.
 */
class AlarmLincheckTest {
  @Test
  void alarmsAgainstDeletionAndCancelling_areLinearizable() {
    options().check(Sound.class);
  }

  @Test
  void canary_alarmThatGoesOffBecauseTheIndexHadIt_isCaught() {
    assertThatThrownBy(() -> canary().check(Trusting.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /**
   * That it is caught is enough; the shortest way to it takes long to find. More tries than the
   * sound ones get, as it ends with the first that is caught.
   */
  private static StressOptions canary() {
    return options().iterations(100).minimizeFailedScenario(false);
  }

  private static StressOptions options() {
    return new StressOptions()
        .iterations(10)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(2)
        .invocationsPerIteration(500)
        .sequentialSpecification(Sequential.class);
  }

  /** What the operations mean. */
  public static class Sequential {
    private boolean armed;
    private int wentOff;

    public boolean arm() {
      boolean was = armed;
      armed = true;
      return !was;
    }

    public boolean goOff() {
      boolean was = armed;
      armed = false;
      wentOff += was ? 1 : 0;
      return was;
    }

    public boolean cancel() {
      boolean was = armed;
      armed = false;
      return was;
    }

    public boolean delete() {
      boolean existed = armed || wentOff > 0;
      armed = false;
      wentOff = 0;
      return existed;
    }

    public int wentOff() {
      return wentOff;
    }
  }

  /** A turn of the object. */
  private static final class Turn extends QueuedTurn {
    final Supplier<Object> code;
    final CountDownLatch over = new CountDownLatch(1);
    @Nullable Object result;

    Turn(Supplier<Object> code) {
      this.code = code;
    }
  }

  /** One object with one alarm and a count of how often that went off. */
  private abstract static class Alarmed extends Mailbox {
    private static final Instant NOW = Instant.EPOCH;
    private static final byte[] ALARM = StorageKeys.alarm("a");
    private static final byte[] COUNT = StorageKeys.cell("count");

    private final MemoryStore store = new MemoryStore();
    private final ObjectName name = store.name("object", "one");
    private final StorageView view =
        new StorageView(store, name, new StorageLimits(1 << 20, 1 << 10, new EngineMeter()), true);

    Alarmed() {
      super(false);
      markAwake();
    }

    /** Does it alone, on this thread or on that of the owner. */
    @SuppressWarnings("unchecked")
    private <R> R turn(Function<StorageView, R> code) {
      if (tryTake()) {
        R result = code.apply(view);
        if (!release()) {
          drain();
        }
        return result;
      }
      Turn turn = new Turn(() -> code.apply(view));
      if (offer(turn, 100) == Accepted.OWNED) {
        drain();
      }
      try {
        turn.over.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return (R) turn.result;
    }

    private void drain() {
      QueuedTurn ahead = null;
      do {
        Turn turn = (Turn) poll(ahead);
        ahead = turn.nextAcquire();
        turn.result = turn.code.get();
        turn.over.countDown();
        if (ahead != null) {
          keepUp(ahead);
        }
      } while (!release());
    }

    @Operation
    public boolean arm() {
      return turn(mine -> {
        if (mine.find(ALARM) != null) {
          return false;
        }
        mine.put(ALARM, AlarmRecord.fresh(NOW, store.last(), Schedule.Once.ONCE).encode());
        mine.commit();
        return true;
      });
    }

    /** The scheduler's look at the index, and then the alarm's turn, if it found one. */
    @Operation
    public boolean goOff() {
      List<AlarmIndex.Indexed> due = store.alarms(AlarmIndex.FIRST, 1);
      return !due.isEmpty() && goOff(due.getFirst());
    }

    boolean goOff(AlarmIndex.Indexed alarm) {
      return turn(mine -> {
        Firing firing = Firing.of(new Flight(alarm), mine, NOW);
        if (firing == null) {
          return false;
        }
        mine.put(COUNT, new byte[] {(byte) (count(mine) + 1)});
        firing.succeeded(mine, NOW, store.last());
        mine.commit();
        return true;
      });
    }

    private static int count(StorageView mine) {
      byte[] count = mine.find(COUNT);
      return count == null ? 0 : count[0];
    }

    @Operation
    public boolean cancel() {
      return turn(mine -> {
        if (mine.find(ALARM) == null) {
          return false;
        }
        mine.put(ALARM, null);
        mine.commit();
        return true;
      });
    }

    @Operation
    public boolean delete() {
      return turn(mine -> {
        if (mine.isEmpty()) {
          return false;
        }
        mine.commitDeletion();
        return true;
      });
    }

    @Operation
    public int wentOff() {
      return turn(Alarmed::count);
    }

    final boolean goOffUnasked() {
      return turn(mine -> {
        mine.put(COUNT, new byte[] {(byte) (count(mine) + 1)});
        mine.put(ALARM, null);
        mine.commit();
        return true;
      });
    }
  }

  /** As the engine does it. */
  public static class Sound extends Alarmed {}

  /** What stood in the index goes off, whatever has become of it. */
  public static class Trusting extends Alarmed {
    @Override
    boolean goOff(AlarmIndex.Indexed alarm) {
      Gap.leave();
      return goOffUnasked();
    }
  }
}
