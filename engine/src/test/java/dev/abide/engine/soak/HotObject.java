package dev.abide.engine.soak;

import dev.abide.engine.AbideException;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.ResetException;
import dev.abide.engine.StoredMap;
import dev.abide.engine.internal.mailbox.Insides;
import dev.abide.engine.spi.TurnStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Does jobs, and watches over itself meanwhile. */
final class HotObject implements Hot.Light, Hot.Heavy {
  /** Longer than some deadlines. */
  private static final int SLOW_MILLIS = 5;

  private final ObjectContext context;
  private final Crowd crowd;
  private final Guard guard;
  private final Cell<Long> total;
  private final StoredMap<String, Tally> tallies;

  /** Which life of the object this is. */
  private final long life;

  /** What the next turn completes. */
  private final List<Runnable> open = new ArrayList<>();

  /** What this instance believes the total to be: one that outlives a failed turn is wrong. */
  private long remembered;

  private boolean interrupted;

  HotObject(ObjectContext context, Crowd crowd) {
    this.context = context;
    this.crowd = crowd;
    this.guard = crowd.guard(context.id());
    guard.enter(this, true);
    Cell<Long> lives = context.storage().cell("life", Long.class, 0L);
    if (lives.get() == 0) {
      lives.set(guard.begins());
    }
    this.life = lives.get();
    guard.lives(life);
    this.total = context.storage().cell("total", Long.class, 0L);
    this.tallies = context.storage().map("tallies", String.class, Tally.class);
    this.remembered = total.get();
    guard.leave();
  }

  @Override
  public Tally act(Job job) throws Hot.Boom {
    Tally before = begin(job);
    try {
      run(job, before);
      return before;
    } finally {
      end(job);
    }
  }

  @Override
  public CompletionStage<Tally> actLater(Job job) throws Hot.Boom {
    Tally before = act(job);
    CompletableFuture<Tally> answer = new CompletableFuture<>();
    switch (job.ending()) {
      case NOW -> answer.complete(before);
      case FAILING -> answer.completeExceptionally(new Hot.Boom(job, before));
      case ELSEWHERE -> Thread.startVirtualThread(() -> answer.complete(before));
      case NEXT_TURN -> open.add(() -> answer.complete(before));
    }
    return answer;
  }

  @Override
  public void send(Job job) {
    try {
      var _ = act(job);
    } catch (Hot.Boom boom) {
      throw new IllegalStateException(boom);
    }
  }

  @Override
  public Tally look(Job job) {
    Tally before = begin(job);
    if (job.n() % 8 == 0) {
      long sum = tallies.values().stream().mapToLong(Tally::count).sum();
      if (sum != total.get()) {
        guard.broken("the tallies have " + sum + ", the total is " + total.get());
      }
    }
    end(job);
    return before;
  }

  private Tally begin(Job job) {
    guard.enter(this, false);
    guard.begin(job);
    if (Insides.borrowed(Objects.requireNonNull(TurnStack.current().top()))) {
      crowd.borrowed.increment();
    }
    long kept = total.get();
    if (kept != remembered) {
      guard.broken("an instance remembers " + remembered + ", and " + kept + " is kept");
    }
    Tally tally = tallies.get(job.stream(), Tally.none(life));
    if (tally.life() != life) {
      guard.broken("life " + life + " has of a former one " + tally);
    }
    open.forEach(Runnable::run);
    open.clear();
    return tally;
  }

  private void end(Job job) {
    if (interrupted || Thread.currentThread().isInterrupted()) {
      interrupted = false;
      crowd.turnInterrupted(job);
    }
    guard.leave();
  }

  private void run(Job job, Tally before) throws Hot.Boom {
    switch (job.kind()) {
      case READ -> {}
      case PUT -> put(job, before);
      case PUT_SLOWLY -> {
        put(job, before);
        linger();
      }
      case THROW_WRITTEN -> {
        put(job, before);
        throw new Hot.Boom(job, before);
      }
      case THROW_UNWRITTEN -> throw new Hot.Boom(job, before);
      case COMMIT_THROW -> {
        put(job, before);
        context.commit();
        tallies.put(job.stream(), before);
        throw new Hot.Boom(job, before);
      }
      case ERROR -> {
        put(job, before);
        throw new Hot.Bang(job, before);
      }
      case RESET -> {
        put(job, before);
        throw new ResetException("meant: " + job);
      }
      case NEST, NEST_CALMLY -> {
        put(job, before);
        nest(job);
      }
    }
  }

  private void put(Job job, Tally before) {
    long was = total.get();
    if (job.n() % 8 == 0) {
      // Whoever ran at the same time would begin with the same number.
      Thread.yield();
    }
    total.set(was + 1);
    tallies.put(job.stream(), before.with(job.n()));
    remembered = was + 1;
  }

  /** Others queue up meanwhile, deadlines pass, and interrupts come. */
  private void linger() {
    try {
      Thread.sleep(SLOW_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }

  private void nest(Job job) {
    History history = guard.nested().computeIfAbsent(job.other(), _ -> new History());
    Job inner = job.inner(context.id(), history.next());
    Hot other = context.get(Round.type(job.other()), job.other());
    Throwable failure =
        job.joins() ? crowd.join(other, history, inner) : crowd.call(other, history, inner);
    if (job.kind() == Job.Kind.NEST) {
      boolean refused =
          failure instanceof AbideException own && own.applied() == AbideException.Applied.NO;
      if (job.innerKind().leaves() && !refused) {
        crowd.leftSomethingElsewhere(context.id(), job);
      }
      if (failure instanceof AbideException own) {
        throw own;
      }
      if (job.n() % 2 == 0) {
        // Its own chain: a call that cannot but fail, behind one that has perhaps left something.
        var _ = context.get(Round.type(context.id()), context.id()).look(inner);
      }
    }
  }
}
