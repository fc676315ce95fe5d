package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/** A disk that counts what is written, apart by kinds that a test names. */
public final class CountingDisk implements Disk {
  private final Disk under;
  private final BiFunction<String, ByteBuffer, String> kind;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private static final class Written {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
  }

  /**
   * @param kind of a write, by the name that its file was opened under and what is written
   */
  public CountingDisk(Disk under, BiFunction<String, ByteBuffer, String> kind) {
    this.under = under;
    this.kind = kind;
  }

  /** The bytes of a kind. */
  public long bytes(String of) {
    return of(of).bytes.get();
  }

  /** How many writes of a kind there were. */
  public long writes(String of) {
    return of(of).writes.get();
  }

  /** How many files were written that had writes of a kind. */
  public int files(String of) {
    return of(of).names.size();
  }

  private Written of(String of) {
    return written.computeIfAbsent(of, _ -> new Written());
  }

  @Override
  public List<String> list() throws IOException {
    return under.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return under.exists(name);
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    return new Counting(name, under.open(name, create));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    under.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    under.delete(name);
  }

  @Override
  public void force() throws IOException {
    under.force();
  }

  @Override
  public long usableBytes() throws IOException {
    return under.usableBytes();
  }

  @Override
  public String toString() {
    Map<String, String> all = new TreeMap<>();
    written.forEach((of, count) ->
        all.put(of, "%,d in %,d files".formatted(count.bytes.get(), count.names.size())));
    return all.toString();
  }

  private final class Counting implements DiskFile {
    private final String name;
    private final DiskFile file;

    Counting(String name, DiskFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      Written count = of(kind.apply(name, from.duplicate()));
      count.bytes.addAndGet(from.remaining());
      count.writes.incrementAndGet();
      count.names.add(name);
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
