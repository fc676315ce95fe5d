package dev.abide.jmh;

import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.ExecutorTallies;
import dev.abide.jmh.baseline.JoxTallies;
import dev.abide.jmh.baseline.LockedTallies;
import dev.abide.jmh.baseline.PekkoTallies;
import dev.abide.jmh.baseline.SynchronizedTallies;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Who counts. Each is a state of its own, so that a benchmark starts nobody but the one it
 * measures. There is a number for each caller where the parameter {@code objects} is {@code own},
 * else one.
 */
public final class Peers {
  private Peers() {}

  /** Somebody who counts. */
  @State(Scope.Benchmark)
  public abstract static class Peer {
    Tallies tallies;
    Asked asked;

    abstract Tallies make(int count);

    /** Starts it. */
    @Setup(Level.Trial)
    public void open(BenchmarkParams params) {
      boolean own = "own".equals(params.getParam("objects"));
      tallies = make(own ? Integer.parseInt(params.getParam("callers")) : 1);
      asked = new Asked(tallies);
    }

    /** Fails the run if a call is missing. */
    @TearDown(Level.Iteration)
    public void verify() {
      asked.verify();
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
      tallies.close();
    }
  }

  /** Durable objects. */
  public static class Inline extends Peer {
    @Override
    Tallies make(int count) {
      return new AbideTallies(Engines.memory(true), count);
    }
  }

  /** Durable objects whose calls are all queued. */
  public static class Queued extends Peer {
    @Override
    Tallies make(int count) {
      return new AbideTallies(Engines.memory(false), count);
    }
  }

  /** {@code ReentrantLock}. */
  public static class Locked extends Peer {
    @Override
    Tallies make(int count) {
      return new LockedTallies(count);
    }
  }

  /** {@code synchronized}. */
  public static class Synchronized extends Peer {
    @Override
    Tallies make(int count) {
      return new SynchronizedTallies(count);
    }
  }

  /** Single-thread executors. */
  public static class Executor extends Peer {
    @Override
    Tallies make(int count) {
      return new ExecutorTallies(count);
    }
  }

  /** Typed actors. */
  public static class Pekko extends Peer {
    @Override
    Tallies make(int count) {
      return new PekkoTallies(count);
    }
  }

  /** Cajun's actors. */
  public static class Cajun extends Peer {
    @Override
    Tallies make(int count) {
      return new CajunTallies(count);
    }
  }

  /** Channels. */
  public static class Jox extends Peer {
    @Override
    Tallies make(int count) {
      return new JoxTallies(count);
    }
  }
}
