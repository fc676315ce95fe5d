package dev.abide.engine.soak;

import dev.abide.engine.AbideException;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.ResetException;
import dev.abide.engine.StoredMap;

/** Does jobs, and watches over itself meanwhile. */
final class HotObject implements Hot {
  /** Longer than some deadlines. */
  private static final int SLOW_MILLIS = 5;

  private final ObjectContext context;
  private final Crowd crowd;
  private final Guard guard;
  private final Cell<Long> total;
  private final StoredMap<String, Tally> tallies;

  /** What this instance believes the total to be: one that outlives a failed turn is wrong. */
  private long remembered;

  private boolean interrupted;

  HotObject(ObjectContext context, Crowd crowd) {
    this.context = context;
    this.crowd = crowd;
    this.guard = crowd.guard(context.id());
    guard.enter(this, true);
    this.total = context.storage().cell("total", Long.class, 0L);
    this.tallies = context.storage().map("tallies", String.class, Tally.class);
    this.remembered = total.get();
    guard.leave();
  }

  @Override
  public Tally act(Job job) throws Boom {
    Tally before = begin(job);
    try {
      run(job, before);
      return before;
    } finally {
      end(job);
    }
  }

  @Override
  public void send(Job job) {
    try {
      var _ = act(job);
    } catch (Boom boom) {
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
    long kept = total.get();
    if (kept != remembered) {
      guard.broken("an instance remembers " + remembered + ", and " + kept + " is kept");
    }
    return tallies.get(job.stream(), Tally.NONE);
  }

  private void end(Job job) {
    if (interrupted || Thread.currentThread().isInterrupted()) {
      interrupted = false;
      crowd.turnInterrupted(job);
    }
    guard.leave();
  }

  private void run(Job job, Tally before) throws Boom {
    switch (job.kind()) {
      case READ -> {}
      case PUT -> put(job, before);
      case PUT_SLOWLY -> {
        put(job, before);
        linger();
      }
      case THROW_WRITTEN -> {
        put(job, before);
        throw new Boom(job, before);
      }
      case THROW_UNWRITTEN -> throw new Boom(job, before);
      case COMMIT_THROW -> {
        put(job, before);
        context.commit();
        tallies.put(job.stream(), before);
        throw new Boom(job, before);
      }
      case ERROR -> {
        put(job, before);
        throw new Bang(job, before);
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
    Job inner =
        new Job(
            context.id(),
            history.next(),
            job.inner(),
            job.root(),
            job.base(),
            job.timed(),
            "",
            Job.Kind.READ);
    Throwable failure = crowd.call(context.get(Hot.class, job.other()), history, inner);
    if (job.kind() == Job.Kind.NEST) {
      boolean refused =
          failure instanceof AbideException own && own.applied() == AbideException.Applied.NO;
      if (job.inner().leaves() && !refused) {
        crowd.leftSomethingElsewhere(context.id(), job);
      }
      if (failure instanceof AbideException own) {
        throw own;
      }
      if (job.n() % 2 == 0) {
        // Its own chain: a call that cannot but fail, behind one that has perhaps left something.
        var _ = context.get(Hot.class, context.id()).look(inner);
      }
    }
  }
}
