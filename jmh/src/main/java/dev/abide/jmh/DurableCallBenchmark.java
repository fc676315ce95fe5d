package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.GroupCommitLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a call cost that returns when its commit is synced? For a lone caller beside the bare
 * write and sync of as many bytes; for 64 and for 1,000 waiting callers, each on an object of its
 * own.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class DurableCallBenchmark {
  private static final int CALLS = 20;
  private static final int RAW_BYTES = 128;
  private static final int RAW_FILE_BYTES = 16 << 20;
  private static final byte[] RECORD = new byte[RAW_BYTES];

  private Path directory;
  private Abide abide;
  private Tally one;
  private List<Tally> many;
  private FileChannel raw;
  private final ByteBuffer block = ByteBuffer.allocateDirect(RAW_BYTES);
  private long rawPosition;
  private GroupCommitLoop loop;

  /** Opens an engine, and a file that is full of zeros. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "durable-bench");
    abide =
        Abide.open(
            directory.resolve("engine"),
            options -> options.host(Tally.class, Tally.TallyObject::new));
    one = abide.get(Tally.class, "one");
    many =
        Stream.iterate(0, n -> n + 1)
            .limit(1_000)
            .map(n -> abide.get(Tally.class, "of-" + n))
            .toList();
    raw =
        FileChannel.open(
            directory.resolve("raw"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (int written = 0; written < RAW_FILE_BYTES; written += zeros.capacity()) {
      raw.write(zeros.clear());
    }
    raw.force(true);
    loop = new GroupCommitLoop(directory.resolve("loop"));
  }

  /** Closes them and deletes what they wrote. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    abide.close();
    raw.close();
    loop.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A lone caller. */
  @Benchmark
  public long abideLoneCaller() {
    return one.store(1);
  }

  /** The bare write and sync into a file that is full of zeros. */
  @Benchmark
  public void rawWriteAndSync() throws IOException {
    raw.write(block.clear(), rawPosition);
    raw.force(false);
    rawPosition = (rawPosition + RAW_BYTES) % RAW_FILE_BYTES;
  }

  /** 64 callers, own objects. */
  @Benchmark
  @OperationsPerInvocation(64 * CALLS)
  public void abide64Callers() throws InterruptedException {
    all(64, n -> many.get(n).store(1));
  }

  /** 1,000 callers, own objects. */
  @Benchmark
  @OperationsPerInvocation(1_000 * CALLS)
  public void abide1000Callers() throws InterruptedException {
    all(1_000, n -> many.get(n).store(1));
  }

  /** 64 callers of a bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(64 * CALLS)
  public void loop64Callers() throws InterruptedException {
    all(64, n -> loop.append(RECORD));
  }

  /** 1,000 callers of a bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(1_000 * CALLS)
  public void loop1000Callers() throws InterruptedException {
    all(1_000, n -> loop.append(RECORD));
  }

  private static void all(int callers, IntConsumer call) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(callers);
    for (int caller = 0; caller < callers; caller++) {
      int own = caller;
      Thread.ofVirtual()
          .start(() -> {
            for (int made = 0; made < CALLS; made++) {
              call.accept(own);
            }
            left.countDown();
          });
    }
    left.await();
  }
}
