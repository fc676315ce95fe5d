package dev.abide.engine.internal.journal;

import dev.abide.engine.DirectoryInUseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One owner per directory (G14).
 *
 * <p>The lock of the system goes when any descriptor of its file is closed in the process that
 * holds it: a second open that is refused, or a look at the file, would give the directory away. So
 * a registry of this process is asked first; the lock file is opened once and never read; and the
 * holder's name stands in a file of its own.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String HOLDER = "holder";
  private static final Map<Path, DirectoryLock> HELD = new ConcurrentHashMap<>();

  /** Held against the collector, which would close them. */
  private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

  private final Path real;
  private final FileChannel channel;

  private DirectoryLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /** Whether somebody has, or had, the directory: then its lock is to be asked before all else. */
  public static boolean isKnown(Path directory) {
    return Files.exists(directory.resolve(LOCK));
  }

  /**
   * Takes the directory.
   *
   * @throws DirectoryInUseException if somebody has it, naming the holder
   */
  public static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    // In the map's own step, so that two opens at once cannot both go on to the file.
    IOException[] failed = new IOException[1];
    DirectoryLock[] taken = new DirectoryLock[1];
    DirectoryLock holder =
        HELD.computeIfAbsent(
            real,
            path -> {
              try {
                taken[0] = lock(path);
              } catch (IOException e) {
                failed[0] = e;
              }
              return taken[0];
            });
    if (failed[0] != null) {
      throw failed[0];
    }
    if (taken[0] == null) {
      throw new DirectoryInUseException(
          "the directory "
              + directory
              + " is open in this process already (held by "
              + holder
              + "); close that engine first");
    }
    return taken[0];
  }

  private static DirectoryLock lock(Path real) throws IOException {
    FileChannel channel =
        FileChannel.open(real.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DirectoryInUseException(
            "the directory "
                + real
                + " is in use by "
                + holder(real)
                + "; close that engine first");
      }
      Files.writeString(real.resolve(HOLDER), self());
      return new DirectoryLock(real, channel);
    } catch (OverlappingFileLockException e) {
      // Another copy of this class, of another class loader, has it. Closing this channel would
      // give the lock away, so it stays open as long as the process lives.
      KEPT_OPEN.add(channel);
      throw new DirectoryInUseException(
          "the directory "
              + real
              + " is open in this process already, by an Abide of another class loader; close that"
              + " engine first");
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    return "process "
        + process.pid()
        + process.info().startInstant().map(start -> ", started " + start).orElse("");
  }

  private static String holder(Path real) {
    try {
      return Files.readString(real.resolve(HOLDER), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "another process (its name cannot be read: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(real, this);
    }
  }

  @Override
  public String toString() {
    return self();
  }
}
