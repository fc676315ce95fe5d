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
  /** So many turns have to pass others where enough callers wait. */
  private static final int BORROWED_MIN = 250;

  private static final int JOBS = 300;
  private static final int JOBS_OF_MANY = 100;

  /** Where a caller has made so many, and too few turns have passed others, they never will. */
  private static final int JOBS_MAX = 20_000;

  /** Who calls, and what. Shares are in thousandths. */
  enum Mix {
    /** Calls of every kind. */
    ALL(250, 120, 10),
    /** Many callers, who all wait for their answers: their objects are lent. */
    WAITING(0, 0, 2),
    /** The same, but for some calls that nobody waits for: loans end, and begin again. */
    MOSTLY_WAITING(1, 1, 2);

    /** Of one-way calls. */
    final int oneWay;

    /** Of calls whose answers come later. */
    final int staged;

    /** Of what ends an instance: one asks for sleep, and as many for a deletion. */
    final int ends;

    Mix(int oneWay, int staged, int ends) {
      this.oneWay = oneWay;
      this.staged = staged;
      this.ends = ends;
    }

    /** What a job does: where turns are to pass others most are short, and end well. */
    Job.Kind kind(SplittableRandom random) {
      if (this == ALL || random.nextInt(16) == 0) {
        return Job.Kind.random(random);
      }
      return random.nextInt(4) == 0 ? Job.Kind.READ : Job.Kind.PUT;
    }
  }

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
  final Mix mix;
  final List<String> ids;
  final Crowd crowd = new Crowd();
  private volatile boolean over;

  Round(long seed, Mix mix, Path directory) {
    this.random = new SplittableRandom(seed);
    this.mix = mix;
    this.directory = directory;
    boolean many = mix != Mix.ALL;
    // Who waits for a disk does not wait at an object meanwhile.
    this.onDisk = random.nextInt(many ? 4 : 2) == 0;
    this.closesEarly = random.nextInt(4) == 0;
    Duration awake = Duration.ofHours(1);
    this.idle = many ? awake : List.of(Duration.ZERO, Duration.ofMillis(1), awake).get(pick(3));
    this.awakeMax = !many && random.nextBoolean() ? 1 : 1_000;
    this.mailboxMax = !many && random.nextInt(4) == 0 ? 4 : 10_000;
    this.inline = many || random.nextInt(3) != 0;
    this.grace = random.nextBoolean() ? Duration.ofMillis(1) : Duration.ofSeconds(10);
    this.ids =
        many
            ? List.of("light-0", "light-1").subList(0, 1 + random.nextInt(2))
            : List.of("light-0", "light-1", random.nextBoolean() ? "light-2" : "heavy-2");
  }

  private int pick(int bound) {
    // Most objects stay awake: else nothing is called inline.
    return Math.max(random.nextInt(bound), random.nextInt(bound));
  }

  /** The type of the object of this id. */
  static Class<? extends Hot> type(String id) {
    return id.startsWith("heavy") ? Hot.Heavy.class : Hot.Light.class;
  }

  /** Whether a caller has made calls enough: where turns are to pass others, some have to. */
  boolean enough(int jobs) {
    return mix == Mix.ALL
        ? jobs >= JOBS
        : jobs >= JOBS_MAX || (jobs >= JOBS_OF_MANY && !lacksLoans());
  }

  /** Whether turns have still to pass others, which they do in this round. */
  boolean lacksLoans() {
    return mix == Mix.WAITING && !onDisk && crowd.borrowed.sum() < BORROWED_MIN;
  }

  /** Whether a call whose answer comes later runs if it is accepted. */
  boolean acceptedRuns() {
    // Stages that are open are bounded by the same number.
    return mailboxMax > 1_000;
  }

  private Abide open() {
    return onDisk ? Abide.open(directory, this::options) : Abide.inMemory(this::options);
  }

  private void options(Abide.Options options) {
    options
        .host(Hot.Light.class, context -> new HotObject(context, crowd))
        .host(Hot.Heavy.class, context -> new HotObject(context, crowd))
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
      boolean many = mix != Mix.ALL;
      int virtual = many ? 100 + random.nextInt(100) : 1 + random.nextInt(24);
      int platform = many ? 4 + random.nextInt(5) : 1 + random.nextInt(6);
      List<Thread> threads = new ArrayList<>();
      for (int n = 0; n < virtual + platform; n++) {
        Caller caller = new Caller(this, abide, n, random.split());
        callers.add(caller);
        threads.add((n < virtual ? Thread.ofVirtual() : Thread.ofPlatform()).unstarted(caller));
      }
      crowd.callers(List.copyOf(callers));
      threads.forEach(Thread::start);
      SplittableRandom own = random.split();
      Thread interrupter = Thread.ofPlatform().start(() -> interrupt(callers, own));
      if (closesEarly) {
        // Where the callers are by then is up to them.
        long most = random.nextLong((long) callers.size() * (many ? JOBS_OF_MANY : JOBS));
        await(callers, () -> (crowd.calls.sum() >= most && !lacksLoans()) || done(threads));
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
    for (int object = 0; object < ids.size(); object++) {
      for (Caller caller : callers) {
        check(abide, ids.get(object), caller.stream(), caller.history(object));
      }
    }
    for (Map.Entry<String, Guard> guard : crowd.guards().entrySet()) {
      for (Map.Entry<String, History> called : guard.getValue().nested().entrySet()) {
        check(abide, called.getKey(), guard.getKey(), called.getValue());
      }
    }
  }

  private void check(Abide abide, String id, String stream, History history) {
    Job job = Job.look(stream, history.next());
    String error = outcome(abide.get(type(id), id), history, job);
    if (error != null) {
      crowd.violations.add(id + " has of " + stream + " at the end: " + error);
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
    return mix
        + " at "
        + ids
        + ", on disk "
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
