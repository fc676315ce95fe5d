package dev.abide.engine.soak;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.engine.ClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One who calls, one call after the other, and knows what must come of each. */
final class Caller implements Runnable {
  private static final long REFUSED_NANOS = 200_000;

  private final Crowd crowd;
  private final Abide abide;
  private final int index;
  private final SplittableRandom random;
  private final int jobs;
  private final List<Hot> hot = new ArrayList<>();
  private final List<History> histories = new ArrayList<>();

  private int interrupts;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Job present;

  Caller(Crowd crowd, Abide abide, int index, SplittableRandom random, int jobs) {
    this.crowd = crowd;
    this.abide = abide;
    this.index = index;
    this.random = random;
    this.jobs = jobs;
    for (int object = 0; object < Round.OBJECTS; object++) {
      // A stub of its own.
      hot.add(abide.get(Hot.class, Round.id(object)));
      histories.add(new History());
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      boolean open = true;
      for (int job = 0; open && job < jobs; job++) {
        open = step();
      }
      for (int object = 0; open && object < hot.size(); object++) {
        open = hear(object);
      }
    } catch (RuntimeException | Error e) {
      crowd.violations.add(name() + " ended with " + e);
    } finally {
      gone();
    }
  }

  /** One job; false if the engine is closed. */
  private boolean step() {
    int object = random.nextInt(hot.size());
    History history = histories.get(object);
    if (history.wantsAnAnswer()) {
      return hear(object);
    }
    Job.Kind kind = Job.Kind.random(random);
    int what = random.nextInt(100);
    if (what < 25 && !kind.nests() && kind != Job.Kind.READ) {
      return open(crowd.send(hot.get(object), history, job(history, kind, false, true)));
    }
    if (what < 26) {
      return sleep(object);
    }
    boolean timed = what >= 96;
    Job job = job(history, kind, timed, false);
    if (!timed) {
      return open(call(object, job));
    }
    Duration most = Duration.ofNanos(1 + random.nextLong(10_000_000));
    return open(Abide.within(most, () -> call(object, job)));
  }

  private @Nullable Throwable call(int object, Job job) {
    Throwable thrown = crowd.call(hot.get(object), histories.get(object), job);
    if (Thread.currentThread().isInterrupted() && !crowd.mayBeInterrupted(job)) {
      crowd.violations.add(job + " left its caller interrupted, and nobody had interrupted it");
    }
    return thrown;
  }

  /** Asks until it is answered, which tells of all that was sent. */
  private boolean hear(int object) {
    while (true) {
      Job job = job(histories.get(object), Job.Kind.READ, false, false);
      Throwable thrown = call(object, job);
      if (!(thrown instanceof AbideException)) {
        return true;
      }
      if (!open(thrown)) {
        return false;
      }
      // A full mailbox refuses quicker than it empties.
      LockSupport.parkNanos(REFUSED_NANOS);
    }
  }

  private boolean sleep(int object) {
    var _ = settle();
    try {
      abide.sleep(Hot.class, Round.id(object));
    } catch (AbideException refused) {
      return open(refused);
    }
    return true;
  }

  private static boolean open(@Nullable Throwable thrown) {
    return !(thrown instanceof ClosedException);
  }

  private Job job(History history, Job.Kind kind, boolean timed, boolean oneWay) {
    Job.Kind inner;
    do {
      inner = Job.Kind.random(random);
    } while (inner.nests());
    Job job =
        new Job(
            name(),
            history.next(),
            kind,
            oneWay ? -1 : index,
            settle(),
            timed,
            Round.id(random.nextInt(Round.OBJECTS)),
            inner);
    present = job;
    return job;
  }

  private String name() {
    return "caller-" + index;
  }

  /** Forgets what interrupts there were; those that are counted later come later. */
  private synchronized long settle() {
    var _ = Thread.interrupted();
    return interrupts;
  }

  private synchronized void gone() {
    thread = null;
  }

  /** Counted and done in one step, so that no interrupt comes that is not counted yet. */
  synchronized void interrupt() {
    Thread calling = thread;
    if (calling != null) {
      interrupts++;
      calling.interrupt();
    }
  }

  synchronized int interrupts() {
    return interrupts;
  }

  /** Where it is: for when nothing moves any more. */
  @Override
  public String toString() {
    Thread calling = thread;
    if (calling == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(name() + " in " + present + "\n");
    for (StackTraceElement frame : calling.getStackTrace()) {
      text.append("    ").append(frame).append('\n');
    }
    return text.toString();
  }

  /** What was issued to the object. For who looks when the caller has ended. */
  History history(int object) {
    return histories.get(object);
  }

  String stream() {
    return name();
  }
}
