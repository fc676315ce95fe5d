package dev.abide.engine.life;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What outlives the instances of one actor in this process, and must never be contradicted. */
final class Watch {
  /** Whatever was broken, in sentences. */
  static final Queue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();

  private static final Map<String, Watch> WATCHES = new ConcurrentHashMap<>();

  private final String id;
  private final AtomicBoolean inTurn = new AtomicBoolean();

  /** The youngest instance, and the last operation that began. Written and read in turns. */
  private volatile @Nullable Object instance;

  private volatile long begun;

  private Watch(String id) {
    this.id = id;
  }

  static Watch of(String id) {
    return WATCHES.computeIfAbsent(id, Watch::new);
  }

  /** Before another engine of this process opens the directory. */
  static void forget() {
    WATCHES.clear();
  }

  /** G1: nothing else of this object runs. */
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

  /** G2, G3: operations of one thread begin in their order, and each once. */
  void begin(long n) {
    if (n <= begun) {
      broken("operation " + n + " began after " + begun);
    }
    begun = n;
  }

  void broken(String what) {
    VIOLATIONS.add(id + ": " + what);
  }
}
