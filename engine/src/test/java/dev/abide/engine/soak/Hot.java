package dev.abide.engine.soak;

import dev.abide.annotations.Compute;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import java.util.concurrent.CompletionStage;

/** An object that everybody calls at once, and that keeps a tally of each who does. */
public interface Hot {
  /** Does it; returns what there was of this stream before. */
  Tally act(Job job) throws Boom;

  /** The same, but the answer comes when the job says so. */
  CompletionStage<Tally> actLater(Job job) throws Boom;

  @OneWay
  void send(Job job);

  @ReadOnly
  Tally look(Job job);

  /** One whose turns run on their callers' threads, or on virtual ones. */
  @DurableObject("hot")
  interface Light extends Hot {}

  /** One whose turns run where few may run at once. */
  @Compute
  @DurableObject("hot-heavy")
  interface Heavy extends Hot {}

  /** How a job fails that is meant to; it tells what there was before, as an answer does. */
  final class Boom extends Exception {
    private static final long serialVersionUID = 1;

    final transient Tally before;

    Boom(Job job, Tally before) {
      super("meant: " + job);
      this.before = before;
    }
  }

  /** The same as an error. */
  final class Bang extends Error {
    private static final long serialVersionUID = 1;

    final transient Tally before;

    Bang(Job job, Tally before) {
      super("meant: " + job);
      this.before = before;
    }
  }
}
