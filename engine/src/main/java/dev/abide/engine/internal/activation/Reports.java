package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.spi.Call;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the engine's owner what no caller is told, or the log where there is no listener. */
final class Reports {
  private static final long IDLE_SECONDS = 10;
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  private final Gate gate;
  private final @Nullable Consumer<? super Report> listener;
  private final ReentrantLock reporting = new ReentrantLock();

  /**
   * One platform thread, which ends when it has nothing to do: turns that only compute may have all
   * carriers of virtual threads, and that is what has to be told.
   */
  private final ExecutorService later;

  Reports(Gate gate, @Nullable Consumer<? super Report> listener) {
    this.gate = gate;
    this.listener = listener;
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("abide-reports").factory());
    one.allowCoreThreadTimeOut(true);
    this.later = one;
  }

  /** Tells the listener, one report at a time. */
  void tell(Report report) {
    if (listener == null) {
      LOG.warn("{}: {}", report.kind(), report.message(), report.cause());
      return;
    }
    reporting.lock();
    try {
      listener.accept(report);
    } catch (RuntimeException | Error e) {
      LOG.error("the report listener threw at: {}", report.message(), e);
    } finally {
      reporting.unlock();
    }
  }

  /** For threads that must not wait for the listener. */
  void tellLater(Report report) {
    try {
      later.execute(() -> tell(report));
    } catch (OutOfMemoryError noThread) {
      // There may still be room for one that takes no thread of the system.
      var _ = Thread.startVirtualThread(() -> tell(report));
    }
  }

  /** What is told of a turn's end threw, in the object's drain, which goes on. Throws nothing. */
  void completionThrew(Activation object, Throwable failure) {
    try {
      tellLater(
          new Report(
              Report.Kind.INTERNAL,
              object.type.name(),
              object.id,
              "whoever was told of the end of a turn of "
                  + object
                  + " threw, and must not: "
                  + failure,
              failure));
    } catch (Throwable _) {
      // No memory for the report or its thread, most likely: there is nobody else to tell.
    }
  }

  /** The completion of a one-way call. */
  void oneWayEnded(String type, String id, QueuedTurn turn) {
    Throwable outcome = turn.cancelled() ? turn.refusal() : turn.failure;
    if (outcome == null) {
      return;
    }
    String method = ((Call) turn).method().name();
    gate.after(
        turn.cancelled() ? Seen.NOTHING : new Seen(turn.commit, turn.written),
        () ->
            tell(
                new Report(
                    Report.Kind.ONE_WAY_FAILED,
                    type,
                    id,
                    "the one-way call " + type + "." + method + " failed: " + outcome,
                    outcome)));
  }
}
