package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A disk that is asked before each of its changes. These have names, by which a test can tell one
 * kind from another: {@code write run.tmp}, {@code rename shards.tmp}, {@code sync directory after
 * rename run.tmp}.
 */
abstract class ChangingDisk implements Disk {
  private static final Pattern NUMBERS = Pattern.compile("-[0-9a-f-]{2,}");

  final Disk behind;

  /** What each thread has done to the directory last: what its next sync is for. */
  private final ThreadLocal<String> entry = ThreadLocal.withInitial(() -> "nothing");

  ChangingDisk(Disk behind) {
    this.behind = behind;
  }

  /** A change as the disk behind makes it. */
  interface Change {
    void make() throws IOException;
  }

  /**
   * Makes a change, or does not.
   *
   * @param what its name
   * @param file the file's own name; empty for the directory
   */
  abstract void change(String what, String file, Change change) throws IOException;

  /** Asked before anything is read. */
  void look() throws IOException {}

  /** The kind of a file: without the numbers in its name. */
  private static String kind(String name) {
    return NUMBERS.matcher(name).replaceFirst("");
  }

  private void entryChange(String what, String name, Change change) throws IOException {
    String named = what + " " + kind(name);
    entry.set(named);
    change(named, name, change);
  }

  @Override
  public final List<String> list() throws IOException {
    look();
    return behind.list();
  }

  @Override
  public final boolean exists(String name) throws IOException {
    look();
    return behind.exists(name);
  }

  @Override
  public final DiskFile open(String name, boolean create) throws IOException {
    look();
    if (create && !behind.exists(name)) {
      entryChange("create", name, () -> behind.open(name, true).close());
    }
    return new Changing(name, behind.open(name, false));
  }

  @Override
  public final void rename(String from, String to) throws IOException {
    entryChange("rename", from, () -> behind.rename(from, to));
  }

  @Override
  public final void delete(String name) throws IOException {
    look();
    if (behind.exists(name)) {
      entryChange("delete", name, () -> behind.delete(name));
    }
    look();
  }

  @Override
  public final void force() throws IOException {
    change("sync directory after " + entry.get(), "", behind::force);
  }

  @Override
  public final long usableBytes() throws IOException {
    return behind.usableBytes();
  }

  private final class Changing implements DiskFile {
    private final String name;
    private final DiskFile file;
    private final String write;
    private final String sync;

    Changing(String name, DiskFile file) {
      this.name = name;
      this.file = file;
      write = "write " + kind(name);
      sync = "sync " + kind(name);
    }

    @Override
    public long size() throws IOException {
      look();
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      look();
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      change(write, name, () -> file.write(from, offset));
    }

    @Override
    public void force() throws IOException {
      change(sync, name, file::force);
    }

    @Override
    public void truncate(long size) throws IOException {
      change("cut " + kind(name), name, () -> file.truncate(size));
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
