package dev.abide.engine.internal.compaction;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Format;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a backup is: the files that its list names, and no others. All numbers big-endian.
 *
 * <pre>
 *  magic     8  another kind of file
 *  format    4  a newer release's list; zero 4
 *  lineage   8  a directory's files added to another one's backup
 *  hash key 16  a backup whose objects nobody finds, for the identity file is not in it
 *  last      8  a list that belongs to other files: the last commit that they have
 *  time      8  of that commit
 *  files     4, each: name 2 + n, length 8, crc 4    a file that is missing, cut or decayed
 *  crc       4  of all before it
 * </pre>
 *
 * @param last the last commit
 * @param timeMs its time
 */
public record BackupList(Identity identity, long last, long timeMs, List<BackupFile> files) {
  /**
   * A file of the backup.
   *
   * @param crc the CRC32C of all its bytes
   */
  public record BackupFile(String name, long length, int crc) {}

  private static final String BESIDE = Identity.BACKUP + ".tmp";
  private static final long MAGIC = 0x4142_4944_4542_4b0aL; // "ABIDEBK\n"
  private static final int FORMAT = 1;
  private static final int FORMAT_AT = 8;
  private static final int FIXED = 8 + 8 + 8 + 16 + 8 + 8 + 4 + 4;

  /** Many times what the runs and bases of a directory need. */
  private static final int BYTES_MAX = 64 << 20;

  /** The names of the files. */
  public List<String> names() {
    return files.stream().map(BackupFile::name).toList();
  }

  /** The bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(BackupFile::length).sum();
  }

  @Nullable BackupFile file(String name) {
    for (BackupFile file : files) {
      if (file.name().equals(name)) {
        return file;
      }
    }
    return null;
  }

  /** Makes this what the backup is, durably and at once. */
  void write(Disk disk) throws IOException {
    int names = files.stream().mapToInt(file -> file.name().length() + 14).sum();
    ByteBuffer out = ByteBuffer.allocate(FIXED + names);
    out.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(identity.lineage()).put(identity.hashKey());
    out.putLong(last).putLong(timeMs).putInt(files.size());
    for (BackupFile file : files) {
      byte[] name = file.name().getBytes(StandardCharsets.US_ASCII);
      out.putShort((short) name.length).put(name).putLong(file.length()).putInt(file.crc());
    }
    out.putInt(crc(out, out.position())).flip();
    disk.delete(BESIDE);
    try (DiskFile file = disk.open(BESIDE, true)) {
      file.write(out, 0);
      file.force();
    }
    disk.rename(BESIDE, Identity.BACKUP);
    disk.force();
  }

  /** Whether the file is the list, or was to become one. */
  static boolean isName(String name) {
    return name.equals(Identity.BACKUP) || name.equals(BESIDE);
  }

  /**
   * Reads the list of a backup; null if there is none.
   *
   * @throws StorageException if it is damaged, or has a format that this release does not read
   */
  public static @Nullable BackupList read(Disk disk) throws IOException {
    if (!disk.exists(Identity.BACKUP)) {
      return null;
    }
    ByteBuffer in;
    try (DiskFile file = disk.open(Identity.BACKUP, false)) {
      in = ByteBuffer.allocate((int) Math.min(file.size(), BYTES_MAX));
      file.read(in, 0);
    }
    return parse(in.flip());
  }

  private static BackupList parse(ByteBuffer in) {
    if (in.limit() < 12 || in.getLong(0) != MAGIC) {
      throw refused("it does not begin as the list of a backup does");
    }
    Format.check(
        Identity.BACKUP,
        FORMAT_AT,
        in.getInt(FORMAT_AT),
        FORMAT,
        "back up once more, into another directory");
    if (in.limit() < FIXED || in.getInt(in.limit() - 4) != crc(in, in.limit() - 4)) {
      throw refused("it is damaged");
    }
    try {
      in.position(16);
      long lineage = in.getLong();
      byte[] hashKey = new byte[16];
      in.get(hashKey);
      long last = in.getLong();
      long time = in.getLong();
      List<BackupFile> files = new ArrayList<>();
      for (int n = in.getInt(); n > 0; n--) {
        byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(name);
        files.add(
            new BackupFile(new String(name, StandardCharsets.US_ASCII), in.getLong(), in.getInt()));
      }
      return new BackupList(new Identity(lineage, hashKey), last, time, List.copyOf(files));
    } catch (BufferUnderflowException e) {
      throw refused("it ends early");
    }
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }

  private static StorageException refused(String what) {
    return new StorageException(
        "the file " + Identity.BACKUP + " cannot be read: " + what, null, false, Applied.NO);
  }
}
