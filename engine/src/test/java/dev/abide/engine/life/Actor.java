package dev.abide.engine.life;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;

/** An object that lives through a random history and watches over itself meanwhile. */
@DurableObject("actor")
public interface Actor {
  /** Does it, and returns its number. */
  long act(Op op) throws Boom;

  @OneWay
  void send(Op op);

  /** Writes down that this operation of another actor came by. */
  void note(String from, long n);

  @ReadOnly
  ActorState state();

  /** How an operation fails that is meant to. */
  final class Boom extends Exception {
    private static final long serialVersionUID = 1;

    Boom(Op op) {
      super("meant: " + op);
    }
  }

  /** The same as an error. */
  final class Bang extends Error {
    private static final long serialVersionUID = 1;

    Bang(Op op) {
      super("meant: " + op);
    }
  }
}
