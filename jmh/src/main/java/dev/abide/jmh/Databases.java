package dev.abide.jmh;

import dev.abide.jmh.baseline.GroupCommitLoop;
import dev.abide.jmh.baseline.RawFile;
import dev.abide.jmh.baseline.RocksRows;
import dev.abide.jmh.baseline.SqliteRows;
import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Peers on disk, as states of benchmarks; each in a new directory. */
public final class Databases {
  static final int ROWS = 10_000;

  private Databases() {}

  /** Something in a directory. */
  @State(Scope.Benchmark)
  public abstract static class OnDisk<T extends AutoCloseable> {
    private Path directory;
    T opened;

    /** What it was asked to store since it was opened. */
    long made;

    abstract T open(Path in) throws Exception;

    /** What of it there is. */
    abstract long found() throws Exception;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() throws Exception {
      directory = Directories.make();
      opened = open(directory);
    }

    /** Fails the run if something is missing. */
    @TearDown(Level.Iteration)
    public void verify() throws Exception {
      Crowd.verify("calls stored", found(), made);
    }

    /** Closes it and deletes what it wrote. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
      opened.close();
      Directories.delete(directory);
    }
  }

  private static long added(Rows rows) throws Exception {
    long sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += rows.read(row) - Rows.FIRST;
    }
    return sum;
  }

  /** RocksDB. */
  public static class Rocks extends OnDisk<Rows> {
    @Override
    Rows open(Path in) throws Exception {
      return new RocksRows(in, ROWS);
    }

    @Override
    long found() throws Exception {
      return added(opened);
    }
  }

  /** SQLite. */
  public static class Sqlite extends OnDisk<Rows> {
    @Override
    Rows open(Path in) throws Exception {
      return new SqliteRows(in, ROWS);
    }

    @Override
    long found() throws Exception {
      return added(opened);
    }
  }

  /** The bare group-commit loop. */
  public static class Loop extends OnDisk<GroupCommitLoop> {
    @Override
    GroupCommitLoop open(Path in) throws IOException {
      return new GroupCommitLoop(in.resolve("loop"));
    }

    @Override
    long found() {
      return opened.appended();
    }
  }

  /** The bare write and sync. */
  public static class Raw extends OnDisk<RawFile> {
    @Override
    RawFile open(Path in) throws IOException {
      return new RawFile(in.resolve("raw"));
    }

    @Override
    long found() {
      return opened.appended();
    }
  }
}
