package dev.abide.engine.internal.alarm;

import dev.abide.engine.EngineClock;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.ObjectStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands alarms that are due to their objects.
 *
 * <p>The idea: the store's index is the list of what is to come, and only what is applied counts;
 * so index and alarms are read at one position. A pass walks the index from {@code next} to the
 * present and hands over what it meets. An entry stays in the index until its turn's last commit is
 * applied, which is why {@code next} moves on behind it; whatever enters the index before {@code
 * next} is told by the store, and moves it back. An entry that is met twice does no harm: its turn
 * finds another set-number, or none.
 *
 * <p>On the heap are only alarms in flight: one for each object, so that a blocked object holds up
 * nobody, and {@value #IN_FLIGHT_MAX} altogether; at that bound the rest waits in the index.
 *
 * <p>Threading: any thread. A pass runs on a virtual thread of its own, one at a time.
 */
public final class AlarmScheduler {
  private static final int IN_FLIGHT_MAX = 4_096;
  private static final int AT_ONCE = 256;

  private final ObjectStore store;
  private final EngineClock clock;
  private final AlarmDoor door;

  /** Counts requests for a pass since the running one began; 0 where none runs. */
  private final AtomicInteger requests = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All of these: guarded by the lock.
  private final Map<Flight.Owner, Flight> flights = new HashMap<>();
  private final PriorityQueue<Waiting> refused =
      new PriorityQueue<>(Comparator.comparing(Waiting::at));
  private final Set<String> notHosted = new HashSet<>();
  private byte[] next = AlarmIndex.FIRST;
  private byte @Nullable [] entered;
  private boolean full;
  private long ended;

  /**
   * What was read and found no room, so that each flight that lands does not read it again: a
   * million that are due at once would cost a page of the index each. The pass's own.
   */
  private List<AlarmIndex.Indexed> left = List.of();

  /** When a pass has something to do; written under the lock. */
  private volatile Instant due = Instant.MIN;

  private volatile boolean stopped;

  private record Waiting(Instant at, Flight flight) {}

  /** A scheduler over the store's index; does nothing before {@link #start}. */
  public AlarmScheduler(ObjectStore store, EngineClock clock, AlarmDoor door) {
    this.store = store;
    this.clock = clock;
    this.door = door;
  }

  /** Begins, with what fell due while nobody looked. */
  public void start() {
    store.onAlarms(this::entered);
    ask();
  }

  /** Hands nothing over any more. */
  public void stop() {
    stopped = true;
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the clock: called every few milliseconds. */
  public void tick() {
    if (isDue()) {
      ask();
    }
  }

  private boolean isDue() {
    return !stopped && !clock.instant().isBefore(due);
  }

  /** Whether nothing is due and nothing is on its way. */
  public boolean quiet() {
    lock.lock();
    try {
      return stopped || (!isDue() && requests.get() == 0 && flights.size() == refused.size());
    } finally {
      lock.unlock();
    }
  }

  /** Returns when all that is due has run, what it set for now included. */
  public void settle() {
    long before;
    do {
      before = ended();
      try {
        store.sync(store.last());
        store.awaitApplied();
      } catch (StorageException failed) {
        // The engine has stopped, and has said so; nothing will run.
        return;
      }
      tick();
      lock.lock();
      try {
        while (!stopped && (requests.get() != 0 || flights.size() > refused.size())) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    } while (ended() != before || isDue());
  }

  private long ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // ---- what calls for a pass

  /** The store has put alarms into the index, the first of them here. */
  private void entered(byte[] place) {
    lock.lock();
    try {
      goBackTo(place);
    } finally {
      lock.unlock();
    }
    tick();
  }

  private void goBackTo(byte[] place) {
    readAgainFrom(place);
    dueAt(AlarmIndex.dueAt(place));
  }

  /** The next pass reads from here, whenever it comes. */
  private void readAgainFrom(byte[] place) {
    if (entered == null || Arrays.compareUnsigned(place, entered) < 0) {
      entered = place;
    }
  }

  private void dueAt(Instant time) {
    if (time.isBefore(due)) {
      due = time;
    }
  }

  /** The turn of an alarm has ended, or will not come. */
  public void ended(Flight flight) {
    lock.lock();
    try {
      ended++;
      Instant again = flight.takeAgain();
      // One that was dropped, and had got into the mailbox all the same, waits for nothing: its
      // alarm has been gone back to, and is tried by a flight of its own.
      if (again != null && flights.get(flight.owner) == flight) {
        refused.add(new Waiting(again, flight));
        dueAt(again);
      } else {
        land(flight);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    tick();
  }

  private void land(Flight flight) {
    // Itself only: another may have been taken off since it was dropped.
    flights.remove(flight.owner, flight);
    if (flight.early()) {
      flight.passOver(flight.alarm.place());
    }
    byte[] passedOver = flight.passedOver;
    if (passedOver != null) {
      goBackTo(passedOver);
    }
    if (full) {
      full = false;
      due = Instant.MIN;
    }
  }

  /**
   * The handing over of it threw: it gives up its place, and its alarm is met again where it lies
   * in the index.
   */
  private void dropped(Flight flight) {
    lock.lock();
    try {
      // Without making a pass due: that is in a second, see `failed`, and not at once.
      readAgainFrom(flight.alarm.place());
      byte[] passedOver = flight.passedOver;
      if (passedOver != null) {
        readAgainFrom(passedOver);
      }
      flights.remove(flight.owner, flight);
      // Its turn may have been queued before the throw, and have ended before this line.
      refused.removeIf(waiting -> waiting.flight() == flight);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the pass

  private void ask() {
    if (requests.getAndIncrement() == 0) {
      var _ = Thread.startVirtualThread(this::run);
    }
  }

  private void run() {
    int seen;
    do {
      seen = requests.get();
      try {
        pass();
      } catch (Throwable failure) {
        failed(failure);
      }
      // Who asked since finds the count above zero and starts nothing: so it is looked at once
      // more.
    } while (!requests.compareAndSet(seen, 0));
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable failure) {
    if (stopped) {
      return;
    }
    lock.lock();
    try {
      dueAt(clock.instant().plusSeconds(1));
    } finally {
      lock.unlock();
    }
    door.report("alarms could not be read; it is tried again in a second: " + failure, failure);
  }

  private void pass() {
    Instant now = begin();
    for (Flight again = takeRefused(now); again != null; again = takeRefused(now)) {
      deliver(again);
    }
    while (!stopped) {
      byte[] from = from();
      if (from == null) {
        return;
      }
      List<AlarmIndex.Indexed> some = left.isEmpty() ? store.alarms(from, AT_ONCE) : left;
      left = List.of();
      // By the clock as it is now: it may have been set back since the pass began, and what came
      // back because it is not due would be handed over by the old time again and again.
      boolean more = !some.isEmpty() && handOver(some, clock.instant());
      if (!more && !enteredMeanwhile()) {
        return;
      }
    }
  }

  private Instant begin() {
    lock.lock();
    try {
      // What falls due from here on is noted by whoever learns of it, this pass included.
      due = refused.isEmpty() ? Instant.MAX : refused.peek().at();
      return clock.instant();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Flight takeRefused(Instant now) {
    lock.lock();
    try {
      Waiting first = refused.peek();
      if (first == null || first.at().isAfter(now)) {
        if (first != null) {
          dueAt(first.at());
        }
        return null;
      }
      refused.remove();
      return first.flight();
    } finally {
      lock.unlock();
    }
  }

  /** Where to read on; null if there is no room for another flight. */
  private byte @Nullable [] from() {
    lock.lock();
    try {
      // Taken before the index is read: what enters after this line is told after it, and is found
      // here at the next look.
      byte[] back = entered;
      entered = null;
      if (back != null && Arrays.compareUnsigned(back, next) < 0) {
        next = back;
      }
      if (back != null
          && !left.isEmpty()
          && Arrays.compareUnsigned(back, left.getLast().place()) <= 0) {
        // It belongs before the last of these and is not among them; or it is one of these, set
        // again for the same time, and has another set-number than was read: handed over as it was
        // read its turn would find nothing, with `next` behind it and the note of it used up.
        left = List.of();
      }
      fullIs(flights.size() >= IN_FLIGHT_MAX);
      return full ? null : next;
    } finally {
      lock.unlock();
    }
  }

  private void fullIs(boolean now) {
    if (now && !full) {
      door.full();
    }
    full = now;
  }

  private boolean enteredMeanwhile() {
    lock.lock();
    try {
      return entered != null;
    } finally {
      lock.unlock();
    }
  }

  /** Hands over what is due; false if the rest is not, or has no room. */
  private boolean handOver(List<AlarmIndex.Indexed> some, Instant now) {
    for (int place = 0; place < some.size(); place++) {
      AlarmIndex.Indexed alarm = some.get(place);
      Flight flight;
      lock.lock();
      try {
        if (alarm.due().isAfter(now)) {
          dueAt(alarm.due());
          return false;
        }
        if (flights.size() >= IN_FLIGHT_MAX && !flights.containsKey(Flight.Owner.of(alarm))) {
          fullIs(true);
          left = some.subList(place, some.size());
          return false;
        }
        // First all that may find no memory: `next` moves on only behind what has been taken off.
        byte[] behind = Arrays.copyOf(alarm.place(), alarm.place().length + 1);
        flight = takeOff(alarm);
        next = behind;
      } finally {
        lock.unlock();
      }
      if (flight != null) {
        deliver(flight);
      }
    }
    return true;
  }

  /** A new flight; null if the object has one. */
  private @Nullable Flight takeOff(AlarmIndex.Indexed alarm) {
    Flight flight = new Flight(alarm);
    Flight before = flights.get(flight.owner);
    if (before == null) {
      try {
        flights.put(flight.owner, flight);
      } catch (Throwable failure) {
        // A map that finds no memory to grow has put it in before.
        flights.remove(flight.owner, flight);
        throw failure;
      }
      return flight;
    }
    if (before.isFor(alarm)) {
      // Met again by a walk that went back, or before its clearing was applied. What its turn
      // leaves of it is told; to go back for it as well would be a walk for each that lands.
      return null;
    }
    before.passOver(alarm.place());
    return null;
  }

  private void deliver(Flight flight) {
    AlarmDoor.Delivery delivery;
    try {
      delivery = door.deliver(flight);
    } catch (Throwable failure) {
      dropped(flight);
      throw failure;
    }
    switch (delivery) {
      case ACCEPTED -> {}
      case NOT_HOSTED -> {
        AlarmIndex.Indexed alarm = flight.alarm;
        boolean first;
        lock.lock();
        try {
          land(flight);
          first = notHosted.add(alarm.type());
        } finally {
          lock.unlock();
        }
        if (first) {
          door.report(
              "alarms of objects of type \""
                  + alarm.type()
                  + "\" are due, but the type is not hosted; they wait until an engine hosts it",
              new IllegalStateException(alarm.type() + "/" + alarm.id()));
        }
      }
      case REFUSED -> ended(flight);
    }
  }
}
