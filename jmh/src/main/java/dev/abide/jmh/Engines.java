package dev.abide.jmh;

import dev.abide.engine.Abide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Engines as states of benchmarks. */
public final class Engines {
  private Engines() {}

  static Abide memory(boolean inline) {
    return Abide.inMemory(hosting(inline));
  }

  private static Consumer<Abide.Options> hosting(boolean inline) {
    return options ->
        options
            .host(Tally.class, Tally.TallyObject::new)
            .host(Counter.class, CounterObject::new)
            .host(Link.class, Link.LinkObject::new)
            .inline(inline);
  }

  /** An engine in memory. */
  @State(Scope.Benchmark)
  public abstract static class Memory {
    private final boolean inlined;
    Abide abide;
    Tally tally;
    Counter counter;

    Memory(boolean inlined) {
      this.inlined = inlined;
    }

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() {
      abide = memory(inlined);
      tally = abide.get(Tally.class, "one");
      counter = abide.get(Counter.class, "home-page");
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      abide.close();
    }
  }

  /** Calls run on their callers' threads where they can. */
  public static class Inline extends Memory {
    /** For JMH. */
    public Inline() {
      super(true);
    }
  }

  /** Every call is queued. */
  public static class Queued extends Memory {
    /** For JMH. */
    public Queued() {
      super(false);
    }
  }

  /** An engine on disk, synced before it answers. */
  @State(Scope.Benchmark)
  public abstract static class Disk {
    private final boolean inlined;
    private Path directory;
    Abide abide;
    Tally tally;
    Counter counter;
    Stored stored;
    Sleepers sleepers;

    Disk(boolean inlined) {
      this.inlined = inlined;
    }

    /** Opens it in a new directory. */
    @Setup(Level.Trial)
    public void open(BenchmarkParams params) throws Exception {
      directory = Directories.make();
      abide = Abide.open(directory, hosting(inlined));
      String callers = params.getParam("callers");
      stored = new Stored(abide, callers == null ? 1 : Integer.parseInt(callers));
      tally = abide.get(Tally.class, "one");
      counter = abide.get(Counter.class, "home-page");
      sleepers = new Sleepers(abide, "sleeper-", sleeping());
    }

    /** How many objects there are to be put to sleep and woken. */
    int sleeping() {
      return 0;
    }

    /** Fails the run if a call is missing. */
    @TearDown(Level.Iteration)
    public void verify() throws Exception {
      stored.verify();
    }

    /** Closes it and deletes what it wrote. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      abide.close();
      Directories.delete(directory);
    }
  }

  /** On disk; calls run on their callers' threads where they can. */
  public static class DiskInline extends Disk {
    /** For JMH. */
    public DiskInline() {
      super(true);
    }
  }

  /** On disk; every call is queued. */
  public static class DiskQueued extends Disk {
    /** For JMH. */
    public DiskQueued() {
      super(false);
    }
  }
}
