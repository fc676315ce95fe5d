package dev.abide.engine.soak;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What outlives the instances of one object, and must never be contradicted. */
final class Guard {
  private static final int REFUSED_MAX = 1_000;

  /** Of one stream: the last job that began, and those that were refused. */
  private static final class Order {
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();
    private volatile long begun;
  }

  private final Consumer<String> violations;
  private final String id;
  private final AtomicBoolean inTurn = new AtomicBoolean();
  private final Map<String, Order> orders = new ConcurrentHashMap<>();

  /** What the object's turns issue, by the object that they call. Written and read in turns. */
  private final Map<String, History> nested = new HashMap<>();

  /** How many lives the object has had: each begins with an instance that finds nothing. */
  private final AtomicLong lives = new AtomicLong();

  /** Deletions that were asked for, but for those that were refused. */
  private final AtomicLong deletions = new AtomicLong();

  /** Those that found something. */
  private final AtomicLong deleted = new AtomicLong();

  /** The youngest instance. */
  private volatile @Nullable Object instance;

  Guard(String id, Consumer<String> violations) {
    this.id = id;
    this.violations = violations;
  }

  /** G1: nothing else of this object runs, and no older instance does. */
  void enter(Object self, boolean isNew) {
    if (!inTurn.compareAndSet(false, true)) {
      broken("two turns at once");
    }
    if (isNew) {
      instance = self;
    } else if (instance != self) {
      broken("a turn ran on an instance that was not the youngest");
    }
  }

  void leave() {
    if (!inTurn.compareAndSet(true, false)) {
      broken("a turn ended that had not begun");
    }
  }

  /** G2, G3: jobs of one stream begin in their order, each once, and none that was refused. */
  void begin(Job job) {
    Order order = order(job.stream());
    if (job.n() <= order.begun) {
      broken(job + " began after number " + order.begun);
    }
    if (order.refused.contains(job.n())) {
      broken(job + " began although its caller was told that it had not run");
    }
    order.begun = job.n();
    if (order.refused.size() > REFUSED_MAX) {
      // Below what has begun the look at the order finds what the refusals would.
      order.refused.removeIf(number -> number <= job.n());
    }
  }

  /** G3: who was told so finds that the job has not run; if it does later, that is found above. */
  void refused(Job job) {
    Order order = order(job.stream());
    order.refused.add(job.n());
    if (order.begun >= job.n()) {
      broken(job + " had begun when its caller was told that it had not run");
    }
  }

  /** A deletion is asked for. */
  void deletes() {
    deletions.incrementAndGet();
  }

  /** G3: it was refused. */
  void deletionRefused() {
    deletions.decrementAndGet();
  }

  /** It is done. */
  void deleted(boolean existed) {
    if (existed && deleted.incrementAndGet() > lives.get()) {
      broken("deleted " + deleted + " times, and lived " + lives + " times");
    }
  }

  /** An instance finds nothing: a new life, which nothing but a deletion may be the reason of. */
  long begins() {
    long life = lives.incrementAndGet();
    if (life > 1 + deletions.get()) {
      broken("life " + life + " began after " + deletions + " deletions");
    }
    return life;
  }

  /** An instance finds this life. */
  void lives(long life) {
    if (life != lives.get()) {
      broken("an instance was made of life " + life + " in life " + lives);
    }
  }

  /** For turns, and for who looks when there are none any more. */
  Map<String, History> nested() {
    return nested;
  }

  void broken(String what) {
    violations.accept(id + ": " + what);
  }

  private Order order(String stream) {
    return orders.computeIfAbsent(stream, _ -> new Order());
  }
}
