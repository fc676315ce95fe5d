package dev.abide.jmh.baseline;

import com.cajunsystems.ActorSystem;
import com.cajunsystems.Pid;
import com.cajunsystems.handler.Handler;
import java.time.Duration;

/** A system of Cajun's actors with its defaults: a virtual thread for each actor. */
final class CajunSystem implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  static {
    Java21Preview.load();
  }

  private final ActorSystem system = new ActorSystem();

  /** A new actor. */
  <M> Pid spawn(Handler<M> handler, String id) {
    return system.actorOf(handler).withId(id).spawn();
  }

  /** Ends one. */
  void stop(Pid actor) {
    system.stopActor(actor);
  }

  @Override
  public void close() {
    system.shutdown();
  }
}
