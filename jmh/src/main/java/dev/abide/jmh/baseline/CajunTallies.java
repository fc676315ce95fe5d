package dev.abide.jmh.baseline;

import com.cajunsystems.ActorContext;
import com.cajunsystems.Pid;
import com.cajunsystems.handler.Handler;
import dev.abide.jmh.Tallies;
import java.util.stream.IntStream;

/**
 * Numbers in Cajun's actors with its defaults: a virtual thread for each actor, asked and told by
 * its {@code Pid}, as its documentation shows. Differs from an object: a message to a full mailbox
 * (10,000) is dropped without an error (seen), so callers here bound what is on its way.
 */
public final class CajunTallies implements Tallies {
  private record Add(long by) {}

  private static final class Counter implements Handler<Add> {
    private final PlainTally tally = new PlainTally();

    @Override
    public void receive(Add message, ActorContext context) {
      long sum = tally.add(message.by());
      context.getSender().ifPresent(sender -> context.tell(sender, sum));
    }
  }

  private final CajunSystem system = new CajunSystem();
  private final Pid[] actors;

  /** This many. */
  public CajunTallies(int count) {
    actors = IntStream.range(0, count).mapToObj(n -> spawn("tally-" + n)).toArray(Pid[]::new);
  }

  /** One more, which is not among the numbered ones. */
  public Pid spawn(String id) {
    return system.spawn(new Counter(), id);
  }

  /** Asks any. */
  public long ask(Pid actor, long by) {
    return actor.<Add, Long>ask(new Add(by), CajunSystem.TIMEOUT).get();
  }

  /** Ends one that was spawned. */
  public void stop(Pid actor) {
    system.stop(actor);
  }

  @Override
  public int size() {
    return actors.length;
  }

  @Override
  public long add(int tally, long by) {
    return ask(actors[tally], by);
  }

  @Override
  public void tell(int tally, long by) {
    actors[tally].tell(new Add(by));
  }

  @Override
  public void close() {
    system.close();
  }
}
