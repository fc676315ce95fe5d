package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the machine. */
public final class FileDisk implements Disk {
  private final Path directory;

  /** The directory must be there. */
  public FileDisk(Path directory) {
    this.directory = directory;
  }

  /** The kind of file system, as the machine calls it. */
  public String fileSystem() throws IOException {
    return Files.getFileStore(directory).type();
  }

  /**
   * A directory, made durably if it is not there: a file that was synced is lost all the same with
   * a directory that was not.
   */
  public static FileDisk made(Path directory) throws IOException {
    return made(directory, FileDisk::sync);
  }

  /** Makes the entries of a directory durable. */
  @FunctionalInterface
  interface Sync {
    void of(Path directory) throws IOException;
  }

  static FileDisk made(Path directory, Sync sync) throws IOException {
    Path there = directory.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    Files.createDirectories(directory);
    FileDisk disk = new FileDisk(directory);
    // An empty one may have been made by a process that was killed before it came to the syncs.
    if (disk.list().isEmpty()) {
      boolean ours = there != null && !Files.isSameFile(there, directory);
      for (Path above = directory.toRealPath().getParent();
          above != null;
          above = above.getParent()) {
        try {
          sync.of(above);
        } catch (IOException e) {
          // What was there before is its owner's, who need not let it be opened.
          if (ours) {
            throw e;
          }
        }
        ours &= there != null && !Files.isSameFile(there, above);
      }
    }
    return disk;
  }

  /** Whether there is such a directory. */
  public static boolean isThere(Path directory) {
    return Files.isDirectory(directory);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean exists(String name) {
    // A directory of this name, such as one with backups, is somebody else's.
    return Files.isRegularFile(directory.resolve(name));
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    Path file = directory.resolve(name);
    if (!create && !Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return NativeFile.available()
        ? NativeFile.open(file, create)
        : new ChannelFile(channel(file, create));
  }

  private static FileChannel channel(Path file, boolean create) throws IOException {
    return create
        ? FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
        : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void force() throws IOException {
    sync(directory);
  }

  private static void sync(Path directory) throws IOException {
    // A directory opened for reading can be synced on Linux and macOS; where it cannot be opened,
    // as on Windows, its entries are made durable with the files.
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }
}
