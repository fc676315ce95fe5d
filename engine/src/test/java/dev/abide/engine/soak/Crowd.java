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
import dev.abide.engine.soak.History.Expected;
import dev.abide.engine.soak.History.Fate;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  /** Turns that ran on their callers' threads past others, which waited for a drain. */
  final LongAdder borrowed = new LongAdder();

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
    Fate fate;
    if (thrown instanceof AbideException failed && !(thrown instanceof ResetException)) {
      fate = refused(hot, job, failed);
    } else {
      Class<? extends Throwable> meant = job.kind().failure();
      if (thrown == null ? meant != null : thrown.getClass() != meant) {
        violations.add(job + " ended with " + thrown);
      }
      fate = job.kind().leaves() ? Fate.APPLIED : null;
    }
    if (fate != null) {
      history.issued(job.n(), fate);
    }
  }

  /** A call whose answer comes later, and what that may tell. */
  record Staged(
      Hot hot, History history, Job job, Expected expected, CompletableFuture<Tally> answer) {}

  /** Makes the call and waits for its answer; returns what that threw, or null. */
  @Nullable Throwable join(Hot hot, History history, Job job) {
    return join(stage(hot, history, job, true));
  }

  /**
   * Makes the call. If it has not been refused at once, the history has it as accepted.
   *
   * @param sure whether it runs if it is accepted
   */
  Staged stage(Hot hot, History history, Job job, boolean sure) {
    Expected expected = history.expected();
    CompletableFuture<Tally> answer;
    try {
      answer = hot.actLater(job).toCompletableFuture();
    } catch (Hot.Boom boom) {
      throw new AssertionError("its answer comes later", boom);
    }
    if (job.kind().leaves()) {
      boolean certain = sure && !job.timed() && job.kind() != Job.Kind.NEST;
      history.issued(job.n(), certain ? Fate.ACCEPTED : Fate.UNKNOWN);
    }
    return new Staged(hot, history, job, expected, answer);
  }

  /** Waits for the answer and holds against its history what that is. */
  @Nullable Throwable join(Staged staged) {
    Job job = staged.job();
    Throwable thrown = null;
    Tally before = null;
    try {
      before = staged.answer().join();
    } catch (CompletionException failed) {
      thrown = failed.getCause();
      before =
          switch (thrown) {
            case Hot.Boom boom -> boom.before;
            case Hot.Bang bang -> bang.before;
            default -> null;
          };
    } catch (CancellationException cancelled) {
      thrown = cancelled;
    }
    count(thrown);
    note("answered later");
    String error = before == null ? null : staged.expected().error(before);
    if (error != null) {
      violations.add(Abide.idOf(staged.hot()) + " answered " + job + " later: " + error);
    }
    judge(staged, thrown);
    return thrown;
  }

  private void judge(Staged staged, @Nullable Throwable thrown) {
    Job job = staged.job();
    Fate fate;
    if (thrown instanceof CancellationException) {
      if (!job.timed()) {
        violations.add(job + " was cancelled by nobody");
      }
      fate = Fate.UNKNOWN;
    } else if (thrown instanceof AbideException failed && !(thrown instanceof ResetException)) {
      fate = refused(staged.hot(), job, failed);
    } else {
      // Where the turn was to end well its object may have let go of the stage, but not of the
      // rest.
      boolean let = thrown instanceof ResetException && job.kind().failure() == null;
      Class<? extends Throwable> meant = job.failureLater();
      if (!let && (thrown == null ? meant != null : thrown.getClass() != meant)) {
        violations.add(job + " ended later with " + thrown);
      }
      fate = Fate.APPLIED;
    }
    if (job.kind().leaves()) {
      staged.history().turnedOut(job.n(), fate);
    }
  }

  /** Deletes the object; returns what was thrown, or null. */
  @Nullable Throwable delete(Abide abide, String id, History history) {
    Throwable thrown = null;
    Guard guard = guard(id);
    guard.deletes();
    try {
      boolean existed = abide.delete(Round.type(id), id);
      note("deleted");
      guard.deleted(existed);
      history.deleted(existed);
    } catch (AbideException failed) {
      thrown = failed;
      boolean expected =
          switch (failed) {
            case OverloadedException _, CancelledException _ -> true;
            case ClosedException _ -> closing;
            default -> false;
          };
      if (!expected) {
        violations.add("the deletion of " + id + " ended with " + failed);
      }
      if (failed.applied() == Applied.NO) {
        guard.deletionRefused();
      }
    }
    count(thrown);
    return thrown;
  }

  /** G3: what a refusal says of the call holds. What the job left, or null for nothing. */
  private @Nullable Fate refused(Hot hot, Job job, AbideException failed) {
    if (!expected(job, failed)) {
      violations.add(job + " ended with " + failed + " caused by " + failed.getCause());
    }
    if (failed instanceof NestedCallException) {
      // G4: what the outer turn wrote is gone with it, whatever it has left elsewhere.
      if (failed.applied() == Applied.NO
          && leftElsewhere.contains(new Left(Abide.idOf(hot), job))) {
        violations.add(job + " ended with " + failed + ", but its call of another is applied");
      }
      return null;
    }
    return switch (failed.applied()) {
      case NO -> {
        guard(Abide.idOf(hot)).refused(job);
        yield null;
      }
      case YES -> {
        violations.add(job + " failed, but was applied: " + failed);
        yield null;
      }
      case UNKNOWN -> job.kind().leaves() ? Fate.UNKNOWN : null;
    };
  }

  /** Whether something has happened that such an exception is for. */
  private boolean expected(Job job, AbideException failed) {
    return switch (failed) {
      case OverloadedException _ -> true;
      case NestedCallException _ -> job.kind() == Job.Kind.NEST;
      case CallCycleException _ -> job.nested();
      case DeadlineException _ -> job.timed();
      case ClosedException _ -> closing;
      // One whose answer comes later is refused where its caller is interrupted at the call.
      case CancelledException _ -> mayBeInterrupted(job) || (job.root() < 0 && !job.nested());
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
        history.issued(job.n(), Fate.ACCEPTED);
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
      note(key);
    }
  }

  private void note(String what) {
    outcomes.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  /** G15: a turn finds its thread interrupted. */
  void turnInterrupted(Job job) {
    note("turn interrupted");
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
