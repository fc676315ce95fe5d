package dev.abide.examples.job;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.Cell;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.OnSocket;
import dev.abide.engine.OnWake;
import dev.abide.engine.SocketRequest;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The work runs beside the turns, so the job answers while it works. Each block is counted outside
 * of the object, and kept by a turn together with the number of the next one: a block counts once,
 * wherever the process dies.
 *
 * <p>Background work does not survive the process, but an alarm does: while there is work to do one
 * goes off every ten seconds, and wakes the object after a restart. Whatever wakes it, {@link
 * #onWake} goes on with the work.
 */
public final class JobObject implements Job, OnAlarm, OnSocket, OnWake {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String GO_ON = "go-on";
  private static final String APPROVAL = "approval";

  /** How long after a restart the work goes on at the latest, if nobody asks before. */
  static final Duration GO_ON_EVERY = Duration.ofSeconds(10);

  /** How long the job waits for a person. */
  static final Duration APPROVAL_MAX = Duration.ofDays(1);

  /** All that is known of the job; {@code run} counts its starts. */
  @Stored
  record State(
      @StoredAs(1) int run,
      @StoredAs(2) Phase phase,
      @StoredAs(3) int upTo,
      @StoredAs(4) int done,
      @StoredAs(5) long primes,
      @StoredAs(6) String note) {

    int blocks() {
      return Math.ceilDiv(upTo, BLOCK);
    }

    State now(Phase next, String why) {
      return new State(run, next, upTo, done, primes, why);
    }

    State counted(long found) {
      return new State(run, phase, upTo, done + 1, primes + found, note);
    }

    boolean hasWork() {
      return (phase == Phase.SAMPLING && done < Math.min(SAMPLE, blocks()))
          || (phase == Phase.COUNTING && done < blocks());
    }

    Progress progress() {
      return new Progress(phase, done, blocks(), primes, note);
    }
  }

  /** One block of one run. */
  private record Piece(int run, int block, int upTo) {
    long countPrimes() {
      int from = block * BLOCK;
      return Primes.count(from, Math.min(upTo, from + BLOCK));
    }
  }

  private final ObjectContext context;
  private final Cell<State> state;

  /** Whether this instance's work runs. Volatile: work that fails says so from its own thread. */
  private volatile boolean working;

  public JobObject(ObjectContext context) {
    this.context = context;
    state =
        context
            .storage()
            .cell("state", State.class, new State(0, Phase.NEW, 0, 0, 0, "not started"));
    context.sockets().answer("ping", "pong");
  }

  @Override
  public void onWake() {
    goOn();
  }

  @Override
  public Progress start(int upTo) throws WrongPhaseException {
    require("start", Phase.NEW, Phase.DONE, Phase.CANCELLED);
    if (upTo < 1 || upTo > UP_TO_MAX) {
      throw new IllegalArgumentException(
          "primes below " + upTo + " were asked for; 1 to " + UP_TO_MAX + " can be");
    }
    state.set(new State(state.get().run() + 1, Phase.SAMPLING, upTo, 0, 0, "making a sample"));
    context.alarms().every(GO_ON, GO_ON_EVERY);
    goOn();
    return told();
  }

  @Override
  public Progress approve(String by) throws WrongPhaseException {
    require("approval", Phase.WAITING);
    state.update(now -> now.now(Phase.COUNTING, "approved by " + by));
    context.alarms().cancel(APPROVAL);
    context.alarms().every(GO_ON, GO_ON_EVERY);
    goOn();
    return told();
  }

  @Override
  public Progress cancel() throws WrongPhaseException {
    require("cancelling", Phase.SAMPLING, Phase.WAITING, Phase.COUNTING);
    end(Phase.CANCELLED, "cancelled");
    return told();
  }

  @Override
  public Progress progress() {
    return state.get().progress();
  }

  @Override
  public void onOpen(ClientSocket socket, SocketRequest request) {
    socket.send(JSON.writeValueAsString(progress()));
  }

  @Override
  public void onAlarm(AlarmEvent alarm) {
    if (alarm.name().equals(APPROVAL)) {
      end(Phase.CANCELLED, "nobody approved within " + APPROVAL_MAX.toHours() + " hours");
      tell();
    } else {
      goOn();
    }
  }

  /** Begins the work, if there is any and it does not run. */
  private void goOn() {
    if (state.get().hasWork() && !working) {
      working = true;
      context.background(this::work);
    }
  }

  /** Beside the turns. Ends when there is nothing to do; is interrupted when the instance goes. */
  private void work() {
    try {
      Optional<Piece> piece = context.enter(this::next);
      while (piece.isPresent()) {
        Piece counted = piece.get();
        long primes = counted.countPrimes();
        piece =
            context.enter(() -> {
              keep(counted, primes);
              return next();
            });
      }
    } catch (RuntimeException | Error failed) {
      // The engine reports it, and the alarm tries again.
      working = false;
      throw failed;
    }
  }

  /** What to count next. In a turn, so that a start or an approval that comes later begins anew. */
  private Optional<Piece> next() {
    State now = state.get();
    working = now.hasWork();
    return working ? Optional.of(new Piece(now.run(), now.done(), now.upTo())) : Optional.empty();
  }

  /** Counts a block once: not if the job was cancelled meanwhile, nor if it has begun again. */
  private void keep(Piece piece, long primes) {
    State before = state.get();
    if (!before.hasWork() || piece.run() != before.run() || piece.block() != before.done()) {
      return;
    }
    State now = before.counted(primes);
    state.set(now);
    if (now.done() == now.blocks()) {
      end(Phase.DONE, "done");
    } else if (!now.hasWork()) {
      state.set(now.now(Phase.WAITING, "the sample is there, and waits for approval"));
      context.alarms().cancel(GO_ON);
      context.alarms().set(APPROVAL, APPROVAL_MAX);
    }
    tell();
  }

  /** Tells who is plugged in; it leaves when what it tells of is on disk. */
  private void tell() {
    context.sockets().broadcast(JSON.writeValueAsString(progress()));
  }

  private Progress told() {
    tell();
    return progress();
  }

  private void end(Phase how, String why) {
    state.update(now -> now.now(how, why));
    context.alarms().cancel(GO_ON);
    context.alarms().cancel(APPROVAL);
  }

  private void require(String asked, Phase... phases) throws WrongPhaseException {
    Phase now = state.get().phase();
    for (Phase phase : phases) {
      if (phase == now) {
        return;
      }
    }
    throw new WrongPhaseException(asked, now);
  }
}
