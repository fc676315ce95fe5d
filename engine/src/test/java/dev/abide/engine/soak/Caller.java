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
  private final Round round;
  private final List<Hot> hot = new ArrayList<>();
  private final List<History> histories = new ArrayList<>();

  /** Answers that come later. */
  private final List<Crowd.Staged> staged = new ArrayList<>();

  private int interrupts;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Job present;

  Caller(Round round, Abide abide, int index, SplittableRandom random) {
    this.crowd = round.crowd;
    this.abide = abide;
    this.index = index;
    this.random = random;
    this.round = round;
    for (String id : round.ids) {
      // A stub of its own.
      hot.add(abide.get(Round.type(id), id));
      histories.add(new History());
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      boolean open = true;
      for (int job = 0; open && !round.enough(job); job++) {
        open = step();
      }
      for (int object = 0; open && object < hot.size(); object++) {
        open = hear(object);
      }
      // If the engine is closed it has ended them.
      joinStaged();
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
    Job.Kind kind = round.mix.kind(random);
    int what = random.nextInt(1_000);
    if (what < round.mix.oneWay && !kind.nests() && kind != Job.Kind.READ) {
      return open(crowd.send(hot.get(object), history, job(history, kind, false, true)));
    }
    if (what < 250 + round.mix.staged && what >= 250) {
      return stage(object, kind);
    }
    if (what >= 950 && what < 950 + round.mix.ends) {
      return sleep(object);
    }
    if (what >= 970 && what < 970 + round.mix.ends) {
      return delete(object);
    }
    boolean timed = what >= 900 && what < 940;
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

  /** A call whose answer may come later; some wait for it at once, or do not want it any more. */
  private boolean stage(int object, Job.Kind kind) {
    History history = histories.get(object);
    boolean cancelled = random.nextInt(8) == 0;
    Job job = job(history, kind, cancelled, true);
    Crowd.Staged answer = crowd.stage(hot.get(object), history, job, round.acceptedRuns());
    if (cancelled) {
      var _ = answer.answer().cancel(random.nextBoolean());
    }
    if (answer.answer().isDone()) {
      return open(crowd.join(answer));
    }
    staged.add(answer);
    return staged.size() < 4 || settleStaged();
  }

  /** Waits for all of them; false if the engine is closed. */
  private boolean settleStaged() {
    boolean open = true;
    for (int object = 0; open && object < hot.size(); object++) {
      // Some are completed by the object's next turn, and nobody else may call it.
      open = staged.isEmpty() || hear(object);
    }
    return joinStaged() && open;
  }

  private boolean joinStaged() {
    boolean open = true;
    for (Crowd.Staged answer : staged) {
      open &= open(crowd.join(answer));
    }
    staged.clear();
    return open;
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
    // A stage keeps an object awake, and nobody is to wait for one that waits like this.
    if (!settleStaged()) {
      return false;
    }
    var _ = settle();
    try {
      String id = round.ids.get(object);
      abide.sleep(Round.type(id), id);
    } catch (AbideException refused) {
      return open(refused);
    }
    return true;
  }

  private boolean delete(int object) {
    var _ = settle();
    return open(crowd.delete(abide, round.ids.get(object), histories.get(object)));
  }

  private static boolean open(@Nullable Throwable thrown) {
    return !(thrown instanceof ClosedException);
  }

  private Job job(History history, Job.Kind kind, boolean timed, boolean unattended) {
    Job.Kind inner;
    do {
      inner = Job.Kind.random(random);
    } while (inner.nests());
    Job job =
        new Job(
            name(),
            history.next(),
            kind,
            Job.Ending.random(random),
            unattended ? -1 : index,
            settle(),
            timed,
            round.ids.get(random.nextInt(round.ids.size())),
            inner,
            round.mix == Round.Mix.ALL && random.nextInt(4) == 0);
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
