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

    abstract T open(Path in) throws Exception;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() throws Exception {
      directory = Directories.make();
      opened = open(directory);
    }

    /** Closes it and deletes what it wrote. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
      opened.close();
      Directories.delete(directory);
    }
  }

  /** RocksDB. */
  public static class Rocks extends OnDisk<Rows> {
    @Override
    Rows open(Path in) throws Exception {
      return new RocksRows(in, ROWS);
    }
  }

  /** SQLite. */
  public static class Sqlite extends OnDisk<Rows> {
    @Override
    Rows open(Path in) throws Exception {
      return new SqliteRows(in, ROWS);
    }
  }

  /** The bare group-commit loop. */
  public static class Loop extends OnDisk<GroupCommitLoop> {
    @Override
    GroupCommitLoop open(Path in) throws IOException {
      return new GroupCommitLoop(in.resolve("loop"));
    }
  }

  /** The bare write and sync. */
  public static class Raw extends OnDisk<RawFile> {
    @Override
    RawFile open(Path in) throws IOException {
      return new RawFile(in.resolve("raw"));
    }
  }
}
