package dev.abide.engine.internal.store.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.jspecify.annotations.Nullable;

/**
 * One map file of a shard. Files are allocated, not sparse: a full disk under a hole would be an
 * error out of an arbitrary store.
 *
 * <p>The channel is opened before the map and kept: closing the map does not sync it.
 */
final class PageMap {
  /**
   * The key of the entry that says whose map this is; no page has it, for numbers are not negative.
   */
  private static final byte[] SEAL = special(-1);

  /** The key of the entry that says, from the first moment on, which file this is. */
  private static final byte[] OWNER = special(-2);

  private static final int MAX_BLOAT = 4;

  /** With so many spare tiers or fewer nothing is put any more. A put needs at most one. */
  static final int TIERS_KEPT = 2;

  private final Path file;
  private final long generation;
  private final FileChannel channel;
  private final VanillaChronicleMap<byte[], byte[], ?> map;

  /** The file's length before the map was opened, which would make a cut file whole again. */
  private final long openedBytes;

  /** Whether an entry says which file this is. */
  private final boolean named;

  private int moveSegment;

  private PageMap(Path file, long generation, FileChannel channel, MapShape shape)
      throws IOException {
    this.file = file;
    this.generation = generation;
    this.channel = channel;
    this.openedBytes = channel.size();
    this.map = map(file, shape);
    if (openedBytes == 0) {
      // Here on the maker's thread, and not by the store threads' first writes.
      MappedMemory.populate(map.bsAddress(), map.sizeInBytesWithoutTiers());
      map.put(OWNER, owner());
    }
    this.named = map.containsKey(OWNER);
  }

  private static byte[] special(int fill) {
    byte[] key = new byte[PageId.BYTES];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  private static boolean isPage(byte[] key) {
    return !Arrays.equals(key, SEAL) && !Arrays.equals(key, OWNER);
  }

  private byte[] owner() {
    return file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the file is the one that was made under its name. */
  boolean isOwn() {
    return Arrays.equals(owner(), map.get(OWNER));
  }

  static Path file(Path directory, int shard, long generation) {
    return directory.resolve("map-%02d-%08d".formatted(shard, generation));
  }

  /** Makes a new file, or on a failure leaves none, or one that the next try takes away. */
  static PageMap create(Path file, long generation, MapShape shape) throws IOException {
    // Where the memory ends right behind the making of a file, nobody is left to remove it.
    Files.deleteIfExists(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new PageMap(file, generation, channel, shape);
    } catch (IOException | RuntimeException | Error e) {
      try (channel) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
  }

  /** Opens a file that a clean close left; its shape stands in it. */
  static PageMap open(Path file, long generation) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      refuseEmpty(file, channel);
      return new PageMap(file, generation, channel, MapShape.first(0));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Chronicle waits a minute for somebody to write the header of a file that begins with zeros. */
  private static void refuseEmpty(Path file, FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES);
    if (channel.read(head, 0) < head.capacity() || head.getLong(0) == 0) {
      throw new IOException("it is empty or begins with zeros: " + file);
    }
  }

  private static VanillaChronicleMap<byte[], byte[], ?> map(Path file, MapShape shape)
      throws IOException {
    ChronicleMap<byte[], byte[]> map =
        ChronicleMapBuilder.of(byte[].class, byte[].class)
            .name("abide")
            .constantKeySizeBySample(new byte[PageId.BYTES])
            .averageValueSize(shape.averageBytes())
            .entries(shape.entries())
            .actualChunkSize(64)
            .actualSegments(shape.segments())
            .maxBloatFactor(MAX_BLOAT)
            .putReturnsNull(true)
            .removeReturnsNull(true)
            .checksumEntries(false)
            .sparseFile(false)
            // The engine closes its maps; a hook of Chronicle's would close them under its threads
            // when the process is told to end.
            .skipCloseOnExitHook(true)
            .createPersistedTo(file.toFile());
    return (VanillaChronicleMap<byte[], byte[], ?>) map;
  }

  long generation() {
    return generation;
  }

  /** Its length before it was opened. */
  long openedBytes() {
    return openedBytes;
  }

  /** The length of the file. */
  long bytes() throws IOException {
    return channel.size();
  }

  /** Makes what stands in the file durable, as far as the machine still has it. */
  void force() throws IOException {
    channel.force(true);
  }

  byte @Nullable [] get(byte[] key) {
    return map.get(key);
  }

  void put(byte[] key, byte[] value) {
    map.put(key, value);
  }

  void remove(byte[] key) {
    map.remove(key);
  }

  boolean contains(byte[] key) {
    return map.containsKey(key);
  }

  /** How many pages and pieces it holds. */
  long size() {
    return map.longSize() - (named ? 1 : 0);
  }

  /** Whether an entry can be put; each may need one tier more. */
  boolean hasRoom() {
    return map.remainingAutoResizes() > TIERS_KEPT;
  }

  /** Whether so much is used that the next map should be made. */
  boolean isFilling() {
    int segments = map.segments();
    return map.remainingAutoResizes() <= (long) MAX_BLOAT * segments - Math.max(1, segments / 2);
  }

  /** Up to so many keys, wherever they stand; none if the map is empty. */
  List<byte[]> someKeys(int max) {
    List<byte[]> keys = new ArrayList<>();
    for (int tried = 0; tried < map.segments() && keys.isEmpty(); tried++) {
      try (var segment = map.segmentContext(moveSegment)) {
        segment.forEachSegmentEntryWhile(entry -> {
          byte[] key = entry.key().get();
          if (isPage(key)) {
            keys.add(key);
          }
          return keys.size() < max;
        });
      }
      if (keys.isEmpty()) {
        moveSegment = (moveSegment + 1) % map.segments();
      }
    }
    return keys;
  }

  /** All keys; for checks. */
  List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>(map.keySet());
    keys.removeIf(key -> !isPage(key));
    return keys;
  }

  /** Writes the seal, closes the map and makes it durable. */
  void close(byte[] seal) throws IOException {
    map.put(
        SEAL,
        ByteBuffer.allocate(Long.BYTES + seal.length).putLong(channel.size()).put(seal).array());
    map.close();
    try (channel) {
      channel.force(true);
    }
  }

  /** Takes the seal of the last clean close away and gives it. */
  byte @Nullable [] unseal() throws IOException {
    byte[] seal = map.get(SEAL);
    map.remove(SEAL);
    if (seal == null || seal.length < Long.BYTES) {
      return null;
    }
    long bytes = ByteBuffer.wrap(seal).getLong();
    if (openedBytes != bytes) {
      throw new IOException(
          "it has %,d bytes and had %,d when it was closed: %s"
              .formatted(openedBytes, bytes, file));
    }
    return Arrays.copyOfRange(seal, Long.BYTES, seal.length);
  }

  /** Closes the map without making it durable: the file is good for nothing any more. */
  void abandon() throws IOException {
    try (channel) {
      map.close();
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
