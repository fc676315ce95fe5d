package dev.abide.engine.soak;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.CancelledException;
import dev.abide.engine.ClosedException;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.NestedCallException;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.Report;
import dev.abide.engine.ResetException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** All who take part in one round: it judges what comes of each call. */
final class Crowd {
  final Queue<String> violations = new ConcurrentLinkedQueue<>();
  final LongAdder calls = new LongAdder();
  final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();

  /** A job of an object: to another the same caller may issue the same. */
  private record Left(String object, Job job) {}

  private final Set<Left> leftElsewhere = ConcurrentHashMap.newKeySet();
  private final Map<String, Guard> guards = new ConcurrentHashMap<>();
  private volatile List<Caller> callers = List.of();

  /** Set before the engine closes under its callers. */
  volatile boolean closing;

  void callers(List<Caller> all) {
    callers = all;
  }

  Guard guard(String id) {
    return guards.computeIfAbsent(id, _ -> new Guard(id, violations::add));
  }

  Map<String, Guard> guards() {
    return guards;
  }

  /**
   * Makes the call and holds against its history what comes of it; returns what it threw, or null.
   */
  @Nullable Throwable call(Hot hot, History history, Job job) {
    Throwable thrown = null;
    Tally before = null;
    try {
      before = job.kind() == Job.Kind.READ ? hot.look(job) : hot.act(job);
    } catch (Hot.Boom boom) {
      thrown = boom;
      before = boom.before;
    } catch (Hot.Bang bang) {
      thrown = bang;
      before = bang.before;
    } catch (RuntimeException | Error e) {
      thrown = e;
    }
    count(thrown);
    if (before != null) {
      String error = history.found(before);
      if (error != null) {
        violations.add(Abide.idOf(hot) + " answered " + job + ": " + error);
      }
    }
    judge(hot, history, job, thrown);
    return thrown;
  }

  private void judge(Hot hot, History history, Job job, @Nullable Throwable thrown) {
    if (thrown instanceof AbideException failed && !(thrown instanceof ResetException)) {
      refused(hot, history, job, failed);
      return;
    }
    Class<? extends Throwable> meant = job.kind().failure();
    if (thrown == null ? meant != null : thrown.getClass() != meant) {
      violations.add(job + " ended with " + thrown);
    }
    if (job.kind().leaves()) {
      history.applied(job.n());
    }
  }

  /** G3: what a refusal says of the call holds. */
  private void refused(Hot hot, History history, Job job, AbideException failed) {
    if (!expected(job, failed)) {
      violations.add(job + " ended with " + failed + " caused by " + failed.getCause());
    }
    if (failed instanceof NestedCallException) {
      // G4: what the outer turn wrote is gone with it, whatever it has left elsewhere.
      if (failed.applied() == Applied.NO
          && leftElsewhere.contains(new Left(Abide.idOf(hot), job))) {
        violations.add(job + " ended with " + failed + ", but its call of another is applied");
      }
      return;
    }
    switch (failed.applied()) {
      case NO -> guard(Abide.idOf(hot)).refused(job);
      case YES -> violations.add(job + " failed, but was applied: " + failed);
      case UNKNOWN -> {
        if (job.kind().leaves()) {
          history.unknown(job.n());
        }
      }
    }
  }

  /** Whether something has happened that such an exception is for. */
  private boolean expected(Job job, AbideException failed) {
    boolean nested = !job.stream().startsWith("caller");
    return switch (failed) {
      case OverloadedException _ -> true;
      case NestedCallException _ -> job.kind() == Job.Kind.NEST;
      case CallCycleException _ -> nested;
      case DeadlineException _ -> job.timed();
      case ClosedException _ -> closing;
      case CancelledException _ -> mayBeInterrupted(job);
      default -> false;
    };
  }

  /** A turn that may fail yet has called another, which may have kept what it did. */
  void leftSomethingElsewhere(String object, Job job) {
    leftElsewhere.add(new Left(object, job));
  }

  /** Sends it; returns what was thrown, or null. */
  @Nullable Throwable send(Hot hot, History history, Job job) {
    Throwable thrown = null;
    try {
      hot.send(job);
      if (job.kind().leaves()) {
        history.sent(job.n());
      }
    } catch (AbideException failed) {
      thrown = failed;
      boolean expected =
          switch (failed) {
            case OverloadedException _ -> true;
            case ClosedException _ -> closing;
            case CancelledException _ -> true;
            default -> false;
          };
      if (!expected || failed.applied() != Applied.NO) {
        violations.add(job + " was not sent: " + failed);
      }
      guard(Abide.idOf(hot)).refused(job);
    }
    count(thrown);
    return thrown;
  }

  private void count(@Nullable Throwable thrown) {
    calls.increment();
    if (thrown != null) {
      String what = thrown.getClass().getSimpleName();
      String key = thrown instanceof AbideException own ? what + " " + own.applied() : what;
      outcomes.computeIfAbsent(key, _ -> new LongAdder()).increment();
    }
  }

  /** G15: a turn finds its thread interrupted. */
  void turnInterrupted(Job job) {
    outcomes.computeIfAbsent("turn interrupted", _ -> new LongAdder()).increment();
    if (!mayBeInterrupted(job)) {
      violations.add(job + " was interrupted, and nobody had interrupted its caller");
    }
  }

  boolean mayBeInterrupted(Job job) {
    return job.timed()
        || closing
        || (job.root() >= 0 && callers.get(job.root()).interrupts() > job.base());
  }

  void reported(Report report) {
    Throwable cause = report.cause();
    boolean meant =
        switch (report.kind()) {
          case PROGRESS -> true;
          case CLOSE_OVERRUN -> closing;
          case ONE_WAY_FAILED ->
              String.valueOf(cause).contains("meant: ")
                  || (cause instanceof ClosedException && closing);
          default -> false;
        };
    if (!meant) {
      violations.add("reported: " + report);
    }
  }
}
