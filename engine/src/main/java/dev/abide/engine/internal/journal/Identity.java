package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which directory this is: written once, at its first open.
 *
 * @param lineage stands in every header, so that a file of another directory is never taken for one
 *     of this
 * @param hashKey the 16 bytes that key the hash of objects; secret, so that nobody who chooses ids
 *     can fill one shard
 */
@SuppressWarnings("ArrayRecordComponent")
public record Identity(long lineage, byte[] hashKey) {
  /** Names the files of a backup. */
  public static final String BACKUP = "backup";

  /** Stands in a directory while a restore fills it. */
  public static final String RESTORING = "restoring";

  /** Stands in a directory until its first backup is complete. */
  public static final String BACKING_UP = "backing-up";

  private static final String FILE = "identity";
  private static final String BESIDE = "identity.tmp";
  private static final long MAGIC = 0x4142_4944_4549_440aL; // "ABIDEID\n"
  private static final int FORMAT = 1;
  private static final int FORMAT_AT = 8;
  private static final int BYTES = 8 + 4 + 8 + 16 + 4;

  /** The directory's identity, made if there is none. */
  public static Identity of(Disk disk) throws IOException {
    refuseOtherUse(disk);
    disk.delete(BESIDE);
    return disk.exists(FILE) ? read(disk) : create(disk);
  }

  /** A new identity beside files of an older one would make a new history of a lost name. */
  private static void refuseOrphans(Disk disk) throws IOException {
    for (String name : disk.list()) {
      if (name.startsWith("segment-") || name.startsWith("run-") || name.startsWith("base-")) {
        throw refused(
            "is missing, and " + name + " needs it; restore it from a copy of this directory");
      }
    }
  }

  /** The directory's identity, or null if it has none; changes nothing. */
  public static @Nullable Identity find(Disk disk) throws IOException {
    refuseOtherUse(disk);
    return disk.exists(FILE) ? read(disk) : null;
  }

  private static void refuseOtherUse(Disk disk) throws IOException {
    if (disk.exists(BACKUP)) {
      throw new StorageException(
          "this directory is a backup, which is never opened; restore it to a new directory and open"
              + " that",
          null,
          false,
          Applied.NO);
    }
    if (disk.exists(BACKING_UP)) {
      throw new StorageException(
          "the first backup into this directory did not finish, so there is nothing to restore; back"
              + " up once more, into this directory or another one",
          null,
          false,
          Applied.NO);
    }
    if (disk.exists(RESTORING)) {
      throw new StorageException(
          "a restore into this directory did not finish; restore once more, into this directory or"
              + " another one",
          null,
          false,
          Applied.NO);
    }
  }

  /** The same objects in the same shards, in another history: what a restore begins. */
  public Identity renewed() {
    return new Identity(new SecureRandom().nextLong(), hashKey);
  }

  /** Whether the file is an identity, or was to become one. */
  public static boolean isName(String name) {
    return name.equals(FILE) || name.equals(BESIDE);
  }

  private static Identity create(Disk disk) throws IOException {
    refuseOrphans(disk);
    SecureRandom random = new SecureRandom();
    byte[] key = new byte[16];
    random.nextBytes(key);
    Identity identity = new Identity(random.nextLong(), key);
    identity.write(disk);
    return identity;
  }

  /** Makes this the directory's identity. */
  public void write(Disk disk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(MAGIC).putInt(FORMAT).putLong(lineage).put(hashKey);
    bytes.putInt(crc(bytes.array())).flip();
    try (DiskFile file = disk.open(BESIDE, true)) {
      file.write(bytes, 0);
      file.force();
    }
    disk.rename(BESIDE, FILE);
    disk.force();
  }

  private static Identity read(Disk disk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES + 1);
    try (DiskFile file = disk.open(FILE, false)) {
      file.read(bytes, 0);
    }
    bytes.flip();
    if (bytes.limit() < 12 || bytes.getLong(0) != MAGIC) {
      throw refused("is not an identity file of Abide; restore it from a copy of this directory");
    }
    Format.check(
        FILE,
        FORMAT_AT,
        bytes.getInt(FORMAT_AT),
        FORMAT,
        "restore it from a copy of this directory");
    if (bytes.limit() != BYTES || bytes.getInt(BYTES - 4) != crc(bytes.array())) {
      throw refused("is damaged; restore it from a copy of this directory");
    }
    byte[] key = new byte[16];
    bytes.get(20, key);
    return new Identity(bytes.getLong(12), key);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - 4);
    return (int) crc.getValue();
  }

  private static StorageException refused(String what) {
    return new StorageException("the file " + FILE + " " + what, null, false, Applied.NO);
  }
}
