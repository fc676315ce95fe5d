package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A disk in memory that loses at a power loss what was not synced: any of it, in any order. */
public final class MemoryDisk implements Disk {
  private static final int SECTOR = 512;

  @SuppressWarnings("ArrayRecordComponent")
  private record Write(int offset, byte[] bytes) {}

  private static final class Inode {
    byte[] durable = new byte[0];
    byte[] current = new byte[0];
    final List<Write> pending = new ArrayList<>();
  }

  /** A change of the directory: the file leaves one name and has another; either may be empty. */
  private record Entry(String from, String to, Inode inode) {
    void apply(Map<String, Inode> names) {
      names.remove(from);
      if (!to.isEmpty()) {
        names.put(to, inode);
      }
    }
  }

  private Map<String, Inode> durable = new TreeMap<>();
  private Map<String, Inode> current = new TreeMap<>();
  private final List<Entry> pending = new ArrayList<>();
  private int power;

  /** Loses some of what was not synced. Files opened before are dead. */
  public synchronized void powerLoss(Random random) {
    power++;
    for (Entry entry : pending) {
      if (random.nextBoolean()) {
        entry.apply(durable);
      }
    }
    pending.clear();
    for (Inode inode : durable.values()) {
      Collections.shuffle(inode.pending, random);
      for (Write write : inode.pending) {
        if (random.nextBoolean()) {
          inode.durable = written(inode.durable, write);
        }
      }
      inode.pending.clear();
      inode.current = inode.durable.clone();
    }
    current = new TreeMap<>(durable);
  }

  /** Another disk as a loss of power at this instant would leave this one, which goes on. */
  public synchronized MemoryDisk afterPowerLoss(Random random) {
    MemoryDisk lost = twin();
    lost.powerLoss(random);
    return lost;
  }

  /** Another disk that is as this one is now, with what is not synced; they go on apart. */
  public synchronized MemoryDisk twin() {
    MemoryDisk twin = new MemoryDisk();
    Map<Inode, Inode> twins = new IdentityHashMap<>();
    durable.forEach((name, inode) -> twin.durable.put(name, twin(inode, twins)));
    current.forEach((name, inode) -> twin.current.put(name, twin(inode, twins)));
    pending.forEach(
        entry -> twin.pending.add(new Entry(entry.from, entry.to, twin(entry.inode, twins))));
    return twin;
  }

  private static Inode twin(Inode inode, Map<Inode, Inode> twins) {
    return twins.computeIfAbsent(
        inode,
        of -> {
          Inode twin = new Inode();
          twin.durable = of.durable.clone();
          twin.current = of.current.clone();
          twin.pending.addAll(of.pending);
          return twin;
        });
  }

  /**
   * As Linux does after a failed sync: what was not synced can be read, and no later sync writes
   * it.
   */
  public synchronized void takeUnsyncedForClean() {
    Stream.concat(current.values().stream(), durable.values().stream())
        .forEach(inode -> inode.pending.clear());
  }

  /** The same of one file. */
  public synchronized void takeUnsyncedForClean(String name) throws IOException {
    inode(name).pending.clear();
  }

  /** Another disk with what this one has now, all of it synced. */
  public synchronized MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk();
    current.forEach((name, inode) -> copy.put(name, inode.current));
    return copy;
  }

  /** A file's bytes. */
  public synchronized byte[] bytes(String name) throws IOException {
    return inode(name).current.clone();
  }

  /** Puts a file there, synced. */
  public synchronized void put(String name, byte[] bytes) {
    Inode inode = new Inode();
    inode.current = bytes.clone();
    inode.durable = bytes.clone();
    current.put(name, inode);
    durable.put(name, inode);
  }

  /** The bytes of all files. */
  public synchronized long size() {
    return current.values().stream().mapToLong(inode -> inode.current.length).sum();
  }

  private static byte[] written(byte[] to, Write write) {
    int end = write.offset + write.bytes.length;
    byte[] result = to.length < end ? Arrays.copyOf(to, end) : to;
    System.arraycopy(write.bytes, 0, result, write.offset, write.bytes.length);
    return result;
  }

  private void change(Entry entry) {
    entry.apply(current);
    pending.add(entry);
  }

  private Inode inode(String name) throws NoSuchFileException {
    Inode inode = current.get(name);
    if (inode == null) {
      throw new NoSuchFileException(name);
    }
    return inode;
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(current.keySet());
  }

  @Override
  public synchronized boolean exists(String name) {
    return current.containsKey(name);
  }

  @Override
  public synchronized DiskFile open(String name, boolean create) throws IOException {
    if (create && !current.containsKey(name)) {
      change(new Entry("", name, new Inode()));
    }
    return new Opened(inode(name), power);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    change(new Entry(from, to, inode(from)));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    if (current.containsKey(name)) {
      change(new Entry(name, "", inode(name)));
    }
  }

  @Override
  public synchronized void force() {
    durable = new TreeMap<>(current);
    pending.clear();
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  private final class Opened implements DiskFile {
    private final Inode inode;
    private final int opened;

    Opened(Inode inode, int opened) {
      this.inode = inode;
      this.opened = opened;
    }

    private void refuseIfDead() throws IOException {
      if (opened != power) {
        throw new IOException("the power was lost since this file was opened");
      }
    }

    @Override
    public long size() {
      synchronized (MemoryDisk.this) {
        return inode.current.length;
      }
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      synchronized (MemoryDisk.this) {
        refuseIfDead();
        int bytes = (int) Math.max(0, Math.min(into.remaining(), inode.current.length - offset));
        if (bytes > 0) {
          into.put(inode.current, (int) offset, bytes);
        }
        return bytes;
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      synchronized (MemoryDisk.this) {
        refuseIfDead();
        int at = (int) offset;
        int end = at + from.remaining();
        if (inode.current.length < end) {
          inode.current = Arrays.copyOf(inode.current, end);
        }
        while (from.hasRemaining()) {
          byte[] bytes = new byte[Math.min(SECTOR - at % SECTOR, from.remaining())];
          from.get(bytes);
          Write write = new Write(at, bytes);
          inode.pending.add(write);
          inode.current = written(inode.current, write);
          at += bytes.length;
        }
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        refuseIfDead();
        if (inode.durable.length < inode.current.length) {
          // At once, not with each write.
          inode.durable = Arrays.copyOf(inode.durable, inode.current.length);
        }
        for (Write write : inode.pending) {
          inode.durable = written(inode.durable, write);
        }
        inode.pending.clear();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (MemoryDisk.this) {
        refuseIfDead();
        inode.current = Arrays.copyOf(inode.current, (int) size);
        inode.durable = Arrays.copyOf(inode.durable, (int) size);
        inode.pending.removeIf(write -> write.offset + write.bytes.length > size);
      }
    }

    @Override
    public void close() {}
  }
}
