package dev.abide.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Heavy;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.Shape;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What abuse an engine bears without letting others starve. The abuse goes on until those others
 * are through: if they starve, it goes on for ever. Also a program, for JVMs with another number of
 * processors.
 */
final class Liveness {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int HAMMERS = 1_000;
  private static final int CALLS = 20;
  private static final int STORM = 10_000;

  /** Turns after which a drain lets others have its carrier. */
  private static final int BATCH = 64;

  /** More often than this a call does not give its carrier away. */
  private static final int HOPS = 8;

  private Liveness() {}

  private static Abide open(Shape shape, Path directory) {
    return shape.open(
        directory,
        // What is sent without end is refused at the close.
        options -> options.host(Heavy.class, Heavy.HeavyObject::new).onReport(report -> {}));
  }

  /** A thousand callers at one object; others are called, on all ways, and woken. */
  static void oneObjectIsHammered(Shape shape, Path directory) throws Exception {
    try (Abide abide = open(shape, directory)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong hits = new AtomicLong();
      Crew hammers = new Crew();
      for (int n = 0; n < HAMMERS; n++) {
        hammers.virtual(() -> {
          Counter hot = abide.get(Counter.class, "hot");
          for (int call = 1; !stop.get(); call++) {
            var _ = hot.increment(1);
            hits.incrementAndGet();
            if (shape.inline() && call % 16 == 0) {
              // Where a call does not wait, a virtual thread that does nothing else keeps its
              // carrier, whatever the engine does: see docs/limits.md.
              LockSupport.parkNanos(1);
            }
          }
        });
      }
      // Not before the hammering goes on.
      while (hits.get() < HAMMERS) {
        Thread.yield();
      }
      try {
        callOthers(abide);
      } finally {
        stop.set(true);
      }
      hammers.join();
      require(abide.get(Counter.class, "hot").value() == hits.get(), "each hit counts once");
    }
  }

  /**
   * Callers that never rest keep the carriers of virtual threads, where calls run on their caller's
   * thread: see docs/limits.md. Who calls from a platform thread has a processor of its own.
   */
  static void hammeredWithoutRest(Shape shape, Path directory) throws Exception {
    try (Abide abide = open(shape, directory)) {
      Counter victim = abide.get(Counter.class, "victim");
      require(victim.increment(1) == 1, "it is awake");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong hits = new AtomicLong();
      Crew hammers = new Crew();
      for (int n = 0; n < HAMMERS; n++) {
        hammers.virtual(() -> {
          Counter hot = abide.get(Counter.class, "hot");
          while (!stop.get()) {
            var _ = hot.increment(1);
            hits.incrementAndGet();
          }
        });
      }
      while (hits.get() < HAMMERS) {
        Thread.yield();
      }
      try {
        Crew others = new Crew();
        others.platform(() -> {
          for (int n = 2; n <= CALLS; n++) {
            require(victim.increment(1) == n, "calls count");
          }
        });
        others.join();
      } finally {
        stop.set(true);
      }
      hammers.join();
      require(abide.get(Counter.class, "hot").value() == hits.get(), "each hit counts once");
    }
  }

  /** Turns that have all carriers, and end when they have been reported. */
  static void longTurnsOnAllCarriers(Path directory) throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (Abide abide =
        Shape.MEMORY_QUEUED.open(
            directory,
            options ->
                options
                    .longTurn(Duration.ofMillis(50))
                    .onReport(report -> {
                      if (report.kind() == Report.Kind.LONG_TURN) {
                        told.countDown();
                      }
                    }))) {
      CountDownLatch begun = new CountDownLatch(PROCESSORS);
      for (int n = 0; n < PROCESSORS; n++) {
        abide
            .get(Script.class, "long-" + n)
            .send((context, self) -> {
              begun.countDown();
              while (told.getCount() != 0) {
                Thread.onSpinWait();
              }
              return "";
            });
      }
      begun.await();
      told.await();
    }
  }

  /** More objects than carriers, each with a mailbox that is never empty. */
  static void mailboxesNeverEmpty(Shape shape, Path directory) throws Exception {
    try (Abide abide = open(shape, directory)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong turns = new AtomicLong();
      int hogs = 2 * PROCESSORS;
      CountDownLatch begun = new CountDownLatch(hogs);
      for (int n = 0; n < hogs; n++) {
        abide
            .get(Script.class, "hog-" + n)
            .send((context, self) -> {
              begun.countDown();
              return next(context, turns, stop);
            });
      }
      begun.await();
      try {
        long before = turns.get();
        Crew others = new Crew();
        others.virtual(() -> count(abide.get(Counter.class, "victim")));
        others.join();
        long between = turns.get() - before;
        // Where there is one carrier nobody else runs while it is kept from this process.
        require(
            PROCESSORS > 1 || shape.onDisk() || between <= (long) CALLS * HOPS * BATCH * hogs,
            between + " turns of " + hogs + " other objects passed by " + CALLS + " calls");
        callOthers(abide);
      } finally {
        stop.set(true);
      }
    }
  }

  /** A turn whose object has the next one in its mailbox before this one ends. */
  private static String next(ObjectContext context, AtomicLong turns, AtomicBoolean stop) {
    turns.incrementAndGet();
    if (!stop.get()) {
      context.get(Script.class, context.id()).send((inner, self) -> next(inner, turns, stop));
    }
    return "";
  }

  /** More turns that only compute than there are processors. */
  static void turnsThatCompute(Shape shape, Path directory) throws Exception {
    try (Abide abide = open(shape, directory)) {
      AtomicBoolean stop = new AtomicBoolean();
      CountDownLatch begun = new CountDownLatch(PROCESSORS);
      Crew heavy = new Crew();
      for (int n = 0; n < 2 * PROCESSORS; n++) {
        String id = "heavy-" + n;
        heavy.virtual(() -> {
          String answer =
              abide
                  .get(Heavy.class, id)
                  .run((context, number) -> {
                    begun.countDown();
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                    return context.id();
                  });
          require(answer.equals(id), "a heavy turn is answered");
        });
      }
      begun.await();
      try {
        callOthers(abide);
      } finally {
        stop.set(true);
      }
      heavy.join();
    }
  }

  /** Ten thousand sleeping objects are wanted at once. */
  static void tenThousandWake(Shape shape, Path directory) throws Exception {
    try (Abide abide = open(shape, directory)) {
      for (int n = 0; n < STORM; n++) {
        abide.get(Counter.class, "storm-" + n).add(n);
      }
      abide.awaitDurable();
    }
    try (Abide abide = open(shape, directory)) {
      CyclicBarrier all = new CyclicBarrier(STORM);
      Crew callers = new Crew();
      for (int n = 0; n < STORM; n++) {
        int number = n;
        callers.virtual(() -> {
          var _ = all.await();
          long value = abide.get(Counter.class, "storm-" + number).increment(1);
          require(value == number + 1L, "storm-" + number + " answers " + value);
        });
      }
      callers.join();
    }
  }

  /** From both kinds of threads: calls, one-way calls, first wakes, and wakes after sleep. */
  private static void callOthers(Abide abide) throws Exception {
    Crew others = new Crew();
    others.virtual(() -> count(abide.get(Counter.class, "by-virtual")));
    others.platform(() -> count(abide.get(Counter.class, "by-platform")));
    others.virtual(() -> wake(abide));
    others.platform(() -> {
      Counter sent = abide.get(Counter.class, "sent");
      for (int n = 0; n < CALLS; n++) {
        sent.add(1);
      }
      require(sent.value() == CALLS, "one-way calls come before the next");
    });
    others.join();
  }

  private static void count(Counter counter) {
    for (int n = 1; n <= CALLS; n++) {
      require(counter.increment(1) == n, "calls count");
    }
  }

  private static void wake(Abide abide) {
    for (int n = 0; n < CALLS; n++) {
      String id = "woken-" + n;
      require(abide.get(Counter.class, id).increment(1) == 1, id + " is new");
      abide.sleep(Counter.class, id);
      require(abide.get(Counter.class, id).increment(1) == 2, id + " has slept");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("not so: " + what);
    }
  }

  /** Threads that are waited for, with what they threw. */
  private static final class Crew {
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private interface Work {
      void run() throws Exception;
    }

    void virtual(Work work) {
      threads.add(Thread.ofVirtual().start(() -> run(work)));
    }

    void platform(Work work) {
      threads.add(Thread.ofPlatform().daemon().start(() -> run(work)));
    }

    private void run(Work work) {
      try {
        work.run();
      } catch (Throwable failure) {
        failures.add(failure);
      }
    }

    void join() throws Exception {
      for (Thread thread : threads) {
        thread.join();
      }
      @Nullable Throwable first = failures.peek();
      if (first != null) {
        throw new AssertionError(failures.size() + " failed, the first", first);
      }
    }
  }

  /** All of it. If it hangs, it says where and ends. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    CountDownLatch over = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> endIfStuck(over, directory));
    System.out.println(PROCESSORS + " processors");
    for (Shape shape : List.of(Shape.MEMORY, Shape.MEMORY_QUEUED, Shape.DISK, Shape.DISK_QUEUED)) {
      oneObjectIsHammered(shape, directory.resolve("hammered-" + shape));
      System.out.println("hammered " + shape);
      mailboxesNeverEmpty(shape, directory.resolve("never-empty-" + shape));
      System.out.println("never empty " + shape);
    }
    for (Shape shape : List.of(Shape.MEMORY, Shape.DISK)) {
      hammeredWithoutRest(shape, directory.resolve("without-rest-" + shape));
      System.out.println("without rest " + shape);
    }
    turnsThatCompute(Shape.DISK, directory.resolve("compute"));
    System.out.println("computed");
    longTurnsOnAllCarriers(directory);
    System.out.println("told");
    for (Shape shape : List.of(Shape.DISK, Shape.DISK_QUEUED)) {
      tenThousandWake(shape, directory.resolve("storm-" + shape));
      System.out.println("woken " + shape);
    }
    over.countDown();
  }

  private static void endIfStuck(CountDownLatch over, Path directory) {
    try {
      if (!over.await(2, TimeUnit.MINUTES)) {
        Path dump = directory.resolve("threads");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        System.out.println("stuck: " + Files.readString(dump));
        System.out.flush();
        Runtime.getRuntime().halt(3);
      }
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(4);
    }
  }
}
