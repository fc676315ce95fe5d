package dev.abide.engine.soak;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.engine.DirectoryInUseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One engine, of a kind that the seed tells, and all who call it until they are through. */
final class Round {
  static final int OBJECTS = 3;

  private static final int JOBS = 300;

  /** If no call has ended for so long, some of them never will. */
  private static final Duration STUCK = Duration.ofMinutes(1);

  private final SplittableRandom random;
  private final Path directory;
  private final boolean onDisk;
  private final boolean closesEarly;
  private final Duration idle;
  private final int awakeMax;
  private final int mailboxMax;
  private final boolean inline;
  private final Duration grace;
  final Crowd crowd = new Crowd();
  private volatile boolean over;

  Round(long seed, Path directory) {
    this.random = new SplittableRandom(seed);
    this.directory = directory;
    this.onDisk = random.nextBoolean();
    this.closesEarly = random.nextInt(4) == 0;
    this.idle = List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(1)).get(pick(3));
    this.awakeMax = random.nextBoolean() ? 1 : 1_000;
    this.mailboxMax = random.nextInt(4) == 0 ? 4 : 10_000;
    this.inline = random.nextInt(3) != 0;
    this.grace = random.nextBoolean() ? Duration.ofMillis(1) : Duration.ofSeconds(10);
  }

  private int pick(int bound) {
    // Most objects stay awake: else nothing is called inline.
    return Math.max(random.nextInt(bound), random.nextInt(bound));
  }

  static String id(int object) {
    return "hot-" + object;
  }

  private Abide open() {
    return onDisk ? Abide.open(directory, this::options) : Abide.inMemory(this::options);
  }

  private void options(Abide.Options options) {
    options
        .host(Hot.class, context -> new HotObject(context, crowd))
        .idleTimeout(idle)
        .awakeMax(awakeMax)
        .mailboxMax(mailboxMax)
        .inline(inline)
        .closeTimeout(grace)
        .queueWaitMax(Duration.ofHours(1))
        .longTurn(Duration.ofHours(1))
        .longWait(Duration.ofHours(1))
        .onReport(crowd::reported);
  }

  void run() throws InterruptedException {
    List<Caller> callers = new ArrayList<>();
    try (Abide abide = open()) {
      int virtual = 1 + random.nextInt(24);
      int platform = 1 + random.nextInt(6);
      List<Thread> threads = new ArrayList<>();
      for (int n = 0; n < virtual + platform; n++) {
        Caller caller = new Caller(crowd, abide, n, random.split(), JOBS);
        callers.add(caller);
        threads.add((n < virtual ? Thread.ofVirtual() : Thread.ofPlatform()).unstarted(caller));
      }
      crowd.callers(List.copyOf(callers));
      threads.forEach(Thread::start);
      SplittableRandom own = random.split();
      Thread interrupter = Thread.ofPlatform().start(() -> interrupt(callers, own));
      if (closesEarly) {
        // Where the callers are by then is up to them.
        long most = random.nextLong((long) callers.size() * JOBS);
        await(callers, () -> crowd.calls.sum() >= most || done(threads));
        crowd.closing = true;
        abide.close();
      }
      await(callers, () -> done(threads));
      over = true;
      interrupter.join();
      if (!closesEarly) {
        abide.awaitDurable();
        check(abide, callers);
      }
    }
    if (onDisk) {
      try (Abide again = openAgain()) {
        check(again, callers);
      }
    }
  }

  private static boolean done(List<Thread> threads) {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  private interface Condition {
    boolean holds();
  }

  /** Waits; if nothing moves, says who is where. */
  private void await(List<Caller> callers, Condition condition) {
    long calls = -1;
    long since = 0;
    while (!condition.holds()) {
      if (!crowd.violations.isEmpty()) {
        throw new AssertionError(this + "\n" + crowd.violations);
      }
      long now = System.nanoTime();
      if (crowd.calls.sum() != calls) {
        calls = crowd.calls.sum();
        since = now;
      } else if (now - since > STUCK.toNanos()) {
        StringBuilder text = new StringBuilder("no call has ended for " + STUCK + "\n");
        callers.forEach(text::append);
        throw new AssertionError(this + "\n" + text + crowd.violations);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void interrupt(List<Caller> callers, SplittableRandom own) {
    while (!over) {
      LockSupport.parkNanos(own.nextLong(2_000_000));
      callers.get(own.nextInt(callers.size())).interrupt();
    }
  }

  /** If the close gave up on a turn, the directory is free when that has ended. */
  private Abide openAgain() {
    while (true) {
      try {
        return open();
      } catch (DirectoryInUseException e) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** What each object has of each stream. */
  private void check(Abide abide, List<Caller> callers) {
    for (int object = 0; object < OBJECTS; object++) {
      for (Caller caller : callers) {
        check(abide, object, caller.stream(), caller.history(object));
      }
    }
    for (Map.Entry<String, Guard> guard : crowd.guards().entrySet()) {
      for (int object = 0; object < OBJECTS; object++) {
        History history = guard.getValue().nested().get(id(object));
        if (history != null) {
          check(abide, object, guard.getKey(), history);
        }
      }
    }
  }

  private void check(Abide abide, int object, String stream, History history) {
    Job job = new Job(stream, history.next(), Job.Kind.READ, -1, 0, false, "", Job.Kind.READ);
    String error = outcome(abide.get(Hot.class, id(object)), history, job);
    if (error != null) {
      crowd.violations.add(id(object) + " has of " + stream + " at the end: " + error);
    }
  }

  private @Nullable String outcome(Hot hot, History history, Job job) {
    try {
      Tally there = hot.look(job);
      return closesEarly ? history.foundAfterClose(there) : history.found(there);
    } catch (AbideException failed) {
      return failed.toString();
    }
  }

  @Override
  public String toString() {
    return "on disk "
        + onDisk
        + ", inline "
        + inline
        + ", idle "
        + idle
        + ", awake "
        + awakeMax
        + ", mailbox "
        + mailboxMax
        + ", closes early "
        + closesEarly
        + " with "
        + grace;
  }
}
