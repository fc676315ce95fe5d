package dev.abide.engine;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that wants one carrier: virtual threads take turns on it only where one of them waits
 * or yields, so who runs when is no matter of chance. {@link #CALLERS} wait at one object; one more
 * thread, which a turn of the drain lets go on, gets the carrier when the drain lets others have
 * it, and calls the same object again and again. What it met is printed.
 */
final class Passing {
  static final int CALLERS = 200;
  static final int CALLS = 300;

  /** The turn that lets the thread that passes go on: it waits for the carrier from then on. */
  private static final int BEGINS = 10;

  private Passing() {}

  /** What the turns that waited have come to; of the object's turns. */
  private static int served;

  private static boolean sent;

  public static void main(String[] args) throws Exception {
    Thread.ofPlatform().daemon().start(Passing::endIfStuck);
    try (Abide abide =
        Engines.inMemory(options ->
            options
                .inline(true)
                .idleTimeout(Duration.ofHours(1))
                .awakeMax(1_000)
                .host(Script.class, ScriptObject::new))) {
      Script hot = abide.get(Script.class, "hot");
      // The first wake of a type is queued.
      run(hot, () -> {});
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      // Unparked on the carrier, it stands behind those that the drain has answered, and before the
      // drain when that yields.
      Thread passer =
          Thread.ofVirtual()
              .start(() -> {
                LockSupport.park();
                pass(args[0], hot);
              });
      awaitWaiting(passer);
      Thread holder =
          Thread.ofPlatform()
              .start(() ->
                  run(
                      hot,
                      () -> {
                        held.countDown();
                        await(go);
                      }));
      held.await();
      List<Thread> waiting = new ArrayList<>();
      for (int n = 1; n <= CALLERS; n++) {
        int number = n;
        waiting.add(
            Thread.ofVirtual()
                .start(() ->
                    run(
                        hot,
                        () -> {
                          require(
                              ++served == number,
                              "turn " + served + " is that of caller " + number);
                          if (number == BEGINS) {
                            LockSupport.unpark(passer);
                          }
                        })));
        awaitWaiting(waiting.getLast());
      }
      if (args[0].equals("unattended")) {
        hot.send((context, object) -> "");
      }
      go.countDown();
      holder.join();
      for (Thread thread : waiting) {
        thread.join();
      }
      passer.join();
    }
    System.out.println("ended");
  }

  private static void pass(String mode, Script hot) {
    if (mode.equals("failing")) {
      fail(hot);
      return;
    }
    int inline = 0;
    for (int call = 1; call <= CALLS; call++) {
      int before = met(hot);
      if (before < 0) {
        System.out.println("waited behind " + -before + " after " + inline);
        return;
      }
      inline++;
      if (call == 1) {
        System.out.println("passed behind " + before);
      }
      if (mode.equals("sending")) {
        hot.send((context, object) -> {
          sent = true;
          return "";
        });
        run(hot, () -> System.out.println("sent " + sent));
        return;
      }
    }
    System.out.println("never waited");
  }

  /** A turn that passes resets the object: the next one finds nobody to run on, and waits. */
  private static void fail(Script hot) {
    Thread caller = Thread.currentThread();
    try {
      var _ =
          hot.run((context, object) -> {
            object.number.set(7L);
            boolean here = Thread.currentThread() == caller;
            throw new IllegalStateException((here ? "failed behind " : "waited behind ") + served);
          });
    } catch (Exception e) {
      System.out.println(e.getMessage());
    }
    try {
      System.out.println(
          hot.run((context, object) -> "kept " + object.number.get() + " behind " + served));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many had been served when this call ran; negative if it did not run here. */
  private static int met(Script hot) {
    Thread caller = Thread.currentThread();
    int[] met = new int[1];
    run(hot, () -> met[0] = Thread.currentThread() == caller ? served : -served);
    return met[0];
  }

  private static void run(Script hot, Runnable turn) {
    try {
      var _ =
          hot.run((context, object) -> {
            turn.run();
            return "";
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until it is in the mailbox, where nothing else waits for it but its answer. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
  }

  private static void endIfStuck() {
    LockSupport.parkNanos(50_000_000_000L);
    System.out.println("stuck behind " + served);
    System.out.flush();
    Runtime.getRuntime().halt(3);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      System.out.println("not so: " + what);
    }
  }
}
