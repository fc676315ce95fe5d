package dev.abide.engine.internal.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.EngineClock;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.storage.StorageLimits;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectStore;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.testing.ManualClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G10, G11: more alarms due at once than may be on their way, whose objects are in no hurry. */
@Timeout(60)
class AlarmSchedulerTest {
  private static final int IN_FLIGHT_MAX = 4_096;
  private static final int ALL = IN_FLIGHT_MAX + 1_000;
  private static final Instant DUE = Instant.parse("2026-01-01T00:00:10Z");

  private final MemoryStore store = new MemoryStore();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger full = new AtomicInteger();
  private final BlockingQueue<Flight> delivered = new LinkedBlockingQueue<>();
  private final ManualClock clock = new ManualClock(DUE.plusSeconds(1));
  private final AtomicReference<Duration> setBack = new AtomicReference<>(Duration.ZERO);
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

  /** The object whose next alarm the door does not take, but throws. */
  private final AtomicReference<String> thrownAt = new AtomicReference<>("");

  private final AlarmScheduler alarms =
      new AlarmScheduler(
          counted(),
          new EngineClock() {
            @Override
            public Instant instant() {
              return clock.instant().minus(setBack.get());
            }

            @Override
            public long nanoTime() {
              return clock.nanoTime();
            }
          },
          new AlarmDoor() {
            @Override
            public Delivery deliver(Flight flight) {
              if (flight.alarm.id().equals(thrownAt.get())) {
                thrownAt.set("");
                throw new OutOfMemoryError("no room for a turn");
              }
              delivered.add(flight);
              return Delivery.ACCEPTED;
            }

            @Override
            public void full() {
              full.incrementAndGet();
            }

            @Override
            public void report(String message, Throwable cause) {
              reports.add(message);
            }
          });

  /** The store, whose index is counted how often it is read. */
  private ObjectStore counted() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("alarms")) {
                reads.incrementAndGet();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  @BeforeEach
  void fill() {
    for (int n = 0; n < ALL; n++) {
      set("later %04d".formatted(n), DUE);
    }
    alarms.start();
  }

  @AfterEach
  void stop() {
    alarms.stop();
    assertThat(reports).isEmpty();
  }

  private Instant now() {
    return clock.instant().minus(setBack.get());
  }

  private StorageView view(String id) {
    return new StorageView(
        store,
        store.name("object", id),
        new StorageLimits(1 << 20, 1 << 10, new EngineMeter()),
        true);
  }

  private void set(String id, Instant due) {
    StorageView view = view(id);
    view.put(
        StorageKeys.alarm("a"), AlarmRecord.fresh(due, store.last(), Schedule.Once.ONCE).encode());
    view.commit();
  }

  /** The next that a turn finds; one that was read, and is gone or set again since, ends as one. */
  private Flight next() throws InterruptedException {
    while (true) {
      Flight flight = delivered.poll(30, TimeUnit.SECONDS);
      assertThat(flight).as("one more is due").isNotNull();
      if (Firing.of(flight, view(flight.alarm.id()), now()) != null) {
        return flight;
      }
      alarms.ended(flight);
    }
  }

  private Flight next(String id) throws InterruptedException {
    Flight flight = next();
    assertThat(flight.alarm.id()).isEqualTo(id);
    return flight;
  }

  /** What a turn does: clears the alarm, and then says that it has ended. */
  private void land(Flight flight) {
    StorageView view = view(flight.alarm.id());
    view.put(flight.alarm.key(), null);
    view.commit();
    alarms.ended(flight);
  }

  private Deque<Flight> takeAsManyAsMayBeOnTheirWay() throws InterruptedException {
    Deque<Flight> flights = new ArrayDeque<>();
    for (int n = 0; n < IN_FLIGHT_MAX; n++) {
      flights.add(next("later %04d".formatted(n)));
    }
    return flights;
  }

  @Test
  void eachThatLands_letsTheNextGo_andTheIndexIsReadByPagesAllTheSame() throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    for (int n = IN_FLIGHT_MAX; n < ALL; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    flights.forEach(this::land);
    alarms.settle();

    assertThat(delivered).isEmpty();
    assertThat(full.get()).isPositive();
    // A page of 256 each, and a few at the beginning and the end.
    assertThat(reads.get()).isLessThan(60);
  }

  @Test
  void whatIsSetWhileThereIsNoRoom_goesAtItsPlace_andWhatIsOnItsWayIsNotReadForEachThatLands()
      throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    land(flights.remove());
    flights.add(next("later 4096"));
    // Among those that have been read by now and found no room, by the order of bytes.
    set("later 41x0", DUE);
    for (int n = IN_FLIGHT_MAX + 1; n < 4_200; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    land(flights.remove());
    flights.add(next("later 41x0"));
    land(flights.remove());
    flights.add(next("later 4200"));
    // Before all of them.
    set("earlier", DUE.minus(Duration.ofSeconds(1)));
    land(flights.remove());
    int later = 4_201;
    Flight came = next();
    // A pass that has begun goes on in its order where room comes before it has ended.
    for (; !came.alarm.id().equals("earlier"); later++) {
      assertThat(came.alarm.id()).isEqualTo("later %04d".formatted(later));
      flights.add(came);
      land(flights.remove());
      came = next();
    }
    flights.add(came);
    for (; later < ALL; later++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(later)));
    }

    // Twice past those on their way, by pages.
    assertThat(reads.get()).isLessThan(100);
  }

  @Test
  void lastOfThoseThatWereRead_setAgainForTheSameTime_goesAsItIsNow() throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    land(flights.remove());
    flights.add(next("later 4096"));
    // The page of 256 that was read for it ends here, with the set-number that this replaces.
    set("later 4351", DUE);
    for (int n = IN_FLIGHT_MAX + 1; n < ALL; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    flights.forEach(this::land);
    alarms.settle();

    assertThat(delivered).isEmpty();
  }

  @Test
  void handingOver_thatThrows_isTriedAgain_andTakesNoPlace() throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    thrownAt.set("later 4096");
    land(flights.remove());
    assertThat(reports.poll(30, TimeUnit.SECONDS)).contains("no room for a turn");
    clock.advance(Duration.ofSeconds(1));
    alarms.tick();
    flights.add(next("later 4096"));
    for (int n = IN_FLIGHT_MAX + 1; n < ALL; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    flights.forEach(this::land);
    alarms.settle();

    assertThat(delivered).isEmpty();
  }

  @Test
  void handingOverOfARetry_thatThrows_isTriedAgain() throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    Flight failed = flights.remove();
    failed.keepBackOff(now());
    alarms.ended(failed);
    thrownAt.set("later 0000");
    clock.advance(Duration.ofMinutes(1));
    alarms.tick();
    assertThat(reports.poll(30, TimeUnit.SECONDS)).contains("no room for a turn");
    clock.advance(Duration.ofSeconds(1));
    alarms.tick();
    flights.add(next("later 0000"));
    for (int n = IN_FLIGHT_MAX; n < ALL; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    flights.forEach(this::land);
    alarms.settle();

    assertThat(delivered).isEmpty();
  }

  @Test
  void clockSetBack_whileAlarmsWaitForTheirTurns_letsThemGoWhenTheyAreDueAgain() throws Exception {
    Deque<Flight> flights = takeAsManyAsMayBeOnTheirWay();
    setBack.set(Duration.ofSeconds(10));
    for (Flight flight : flights) {
      assertThat(Firing.of(flight, view(flight.alarm.id()), now())).isNull();
      alarms.ended(flight);
    }
    alarms.settle();
    assertThat(delivered).isEmpty();

    clock.advance(Duration.ofSeconds(10));
    alarms.tick();
    flights = takeAsManyAsMayBeOnTheirWay();
    for (int n = IN_FLIGHT_MAX; n < ALL; n++) {
      land(flights.remove());
      flights.add(next("later %04d".formatted(n)));
    }
    flights.forEach(this::land);
    alarms.settle();

    assertThat(delivered).isEmpty();
  }
}
