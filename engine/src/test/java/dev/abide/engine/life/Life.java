package dev.abide.engine.life;

import dev.abide.engine.Abide;
import dev.abide.engine.Report;
import dev.abide.engine.ResetException;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose actors live through their histories: one thread each that calls and compares,
 * others that read, and one that moves the clock. As a process it goes on until it is killed, and
 * says what it is about to do, what was acknowledged, and what a reader has seen.
 */
final class Life {
  static final int ACTORS = 6;
  static final int LEDGERS = 3;

  /** Ends a life of itself. */
  static final long FOREVER = Long.MAX_VALUE;

  private final Abide abide;
  private final ManualClock clock;
  private final long seed;
  private final Ledger ledger;
  private final Semaphore ticks = new Semaphore(0);
  private volatile boolean over;

  /** Who is told. Threading: called by all drivers and readers. */
  interface Ledger {
    void say(char what, int actor, long n);
  }

  Life(Abide abide, ManualClock clock, long seed, Ledger ledger) {
    this.abide = abide;
    this.clock = clock;
    this.seed = seed;
    this.ledger = ledger;
  }

  /** An engine for one life, of a kind that the seed tells. */
  static Abide open(Path directory, ManualClock clock, long seed) {
    Random random = new Random(seed);
    Duration[] idle = {Duration.ZERO, Duration.ofMillis(500), Duration.ofHours(1)};
    int[] awake = {1, 3, 1_000};
    boolean hooked = random.nextBoolean();
    Abide abide =
        Engines.open(
            directory,
            options ->
                options
                    .host(Actor.class, hooked ? ActorObject.WithOnSleep::new : ActorObject::new)
                    .clock(clock)
                    // The clock moves as fast as it can, and nobody shall be late for that.
                    .queueWaitMax(Duration.ofDays(365))
                    .idleTimeout(idle[random.nextInt(idle.length)])
                    .awakeMax(awake[random.nextInt(awake.length)])
                    .inline(random.nextBoolean())
                    .longWait(Duration.ofDays(365))
                    .longTurn(Duration.ofDays(365))
                    .onReport(Life::reported));
    clock.drive(abide);
    return abide;
  }

  private static void reported(Report report) {
    boolean meant =
        report.kind() == Report.Kind.PROGRESS
            || (report.kind() == Report.Kind.ONE_WAY_FAILED
                && report.cause() != null
                && String.valueOf(report.cause().getMessage()).contains("meant: "));
    if (!meant) {
      Watch.VIOLATIONS.add("reported: " + report);
    }
  }

  static String id(int actor) {
    return "actor-" + actor;
  }

  /** Lives from operation {@code first} on, so many operations per actor. */
  void live(long first, long count) throws InterruptedException {
    List<Thread> drivers = new ArrayList<>();
    for (int actor = 0; actor < ACTORS; actor++) {
      int n = actor;
      drivers.add(start(() -> drive(n, first, count)));
    }
    List<Thread> others = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      Random random = new Random(seed + reader);
      others.add(start(() -> read(random)));
    }
    others.add(start(this::tick));
    for (Thread driver : drivers) {
      driver.join();
    }
    over = true;
    ticks.release();
    for (Thread other : others) {
      other.join();
    }
  }

  private static Thread start(Runnable work) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            work.run();
          } catch (RuntimeException | Error e) {
            Watch.VIOLATIONS.add("a thread ended: " + e);
          }
        });
  }

  private void drive(int index, long first, long count) {
    Actor actor = abide.get(Actor.class, id(index));
    ActorModel model = ActorModel.of(actor.state());
    for (long n = first; n - first < count; n++) {
      Op op = Op.of(seed, index, n);
      ledger.say('i', index, n);
      Throwable thrown = perform(actor, op, model);
      Class<? extends Throwable> meant = ActorModel.failure(op.kind());
      if (thrown == null ? meant != null : meant != thrown.getClass()) {
        Watch.VIOLATIONS.add(id(index) + ": " + op + " ended with " + thrown);
      }
      model.apply(op);
      if (!op.kind().oneWay()) {
        ledger.say('a', index, n);
      }
      ticks.release();
    }
  }

  private @Nullable Throwable perform(Actor actor, Op op, ActorModel model) {
    try {
      switch (op.kind()) {
        case SEND_PUT, SEND_ARM, SEND_THROW -> actor.send(op);
        case READ -> {
          String difference = model.differs(actor.state());
          if (difference != null) {
            Watch.VIOLATIONS.add("before " + op + ": " + difference);
          }
        }
        case SLEEP -> abide.sleep(Actor.class, Abide.idOf(actor));
        case DELETE -> {
          boolean was = abide.delete(Actor.class, Abide.idOf(actor));
          if (was != model.exists()) {
            Watch.VIOLATIONS.add("before " + op + ": delete answered " + was);
          }
        }
        default -> {
          if (actor.act(op) != op.n()) {
            Watch.VIOLATIONS.add(op + " got another's answer");
          }
        }
      }
      return null;
    } catch (Actor.Boom | Actor.Bang | ResetException e) {
      return e;
    }
  }

  private void read(Random random) {
    while (!over) {
      int actor = random.nextInt(ACTORS);
      ledger.say('s', actor, abide.get(Actor.class, id(actor)).state().last());
    }
  }

  /** A step of the clock for every few operations. */
  private void tick() {
    Random random = new Random(seed);
    while (!over) {
      ticks.acquireUninterruptibly(20);
      clock.advance(Duration.ofMillis(random.nextInt(2_000)));
    }
  }

  /** The process that is killed: directory, seed, first operation, instant. */
  public static void main(String[] args) throws Exception {
    ManualClock clock = new ManualClock(Instant.parse(args[3]));
    long seed = Long.parseLong(args[1]);
    try (Abide abide = open(Path.of(args[0]), clock, seed)) {
      Life life =
          new Life(abide, clock, seed, (what, actor, n) -> say(what + " " + actor + " " + n));
      life.live(Long.parseLong(args[2]), FOREVER);
    }
  }

  private static void say(String line) {
    synchronized (Life.class) {
      for (String broken = Watch.VIOLATIONS.poll();
          broken != null;
          broken = Watch.VIOLATIONS.poll()) {
        System.out.println("! " + broken.replace('\n', ' '));
      }
      System.out.println(line);
      System.out.flush();
    }
  }
}
