package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Format;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a run or a base; all numbers big-endian.
 *
 * <pre>
 *  magic     8  another kind of file
 *  format    4  a newer release's file
 *  shard     4  -1 in a run: a base taken for another shard's
 *  lineage   8  a file of another directory
 *  hash key 16  objects looked for under another hash; a copy that lost its identity file
 *  first     8  a renamed file; in a base 1, for it covers all
 *  last      8  a renamed file
 *  oldest    8  the past of a run being read where versions of it were dropped already
 *  crc       4, zero 4
 * </pre>
 *
 * @param first the first commit that is covered
 * @param last the last one
 * @param oldest states are whole from this number on; {@code first} where no version was dropped
 */
@SuppressWarnings("ArrayRecordComponent")
record FileHead(int shard, long lineage, byte[] hashKey, long first, long last, long oldest) {
  static final int BYTES = 72;
  static final int RUN = -1;

  private static final long MAGIC = 0x4142_4944_4552_420aL; // "ABIDERB\n"
  private static final int FORMAT = 1;
  private static final int FORMAT_AT = 8;
  private static final int CRC_AT = 64;
  private static final Pattern NAME =
      Pattern.compile("(?:run|base-([0-3][0-9a-f]))-([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{16})");
  private static final String BESIDE = ".tmp";

  static FileHead run(Identity identity, long first, long last, long oldest) {
    return new FileHead(RUN, identity.lineage(), identity.hashKey(), first, last, oldest);
  }

  static FileHead base(Identity identity, int shard, long last) {
    return new FileHead(shard, identity.lineage(), identity.hashKey(), 1, last, last);
  }

  boolean isRun() {
    return shard == RUN;
  }

  /** The name that a file with this head has. */
  String fileName() {
    String kind = isRun() ? "run" : "base-%02x".formatted(shard);
    return "%s-%016x-%016x-%016x".formatted(kind, lineage, first, last);
  }

  /** The name while it is written. */
  String besideName() {
    return fileName() + BESIDE;
  }

  static boolean isName(String fileName) {
    return NAME.matcher(fileName).matches();
  }

  static boolean isBeside(String fileName) {
    return fileName.endsWith(BESIDE)
        && isName(fileName.substring(0, fileName.length() - BESIDE.length()));
  }

  ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(MAGIC).putInt(FORMAT).putInt(shard).putLong(lineage).put(hashKey);
    out.putLong(first).putLong(last).putLong(oldest);
    return out.putInt(crc(out)).putInt(0).flip();
  }

  /** What all checksums of the file begin with, so that a block of another one never passes. */
  int seed() {
    return bytes().getInt(CRC_AT);
  }

  /**
   * Reads a head.
   *
   * @throws dev.abide.engine.StorageException if it is not that of the file with this name in this
   *     directory, or has a format that this release does not read
   */
  static FileHead read(ByteBuffer in, String fileName, Identity identity) {
    if (begins(in)) {
      Format.check(fileName, FORMAT_AT, in.getInt(FORMAT_AT), FORMAT);
    }
    String wrong = wrong(in);
    if (wrong != null) {
      throw Damage.at(fileName, 0, wrong);
    }
    byte[] hashKey = new byte[16];
    in.get(24, hashKey);
    FileHead head =
        new FileHead(
            in.getInt(12), in.getLong(16), hashKey, in.getLong(40), in.getLong(48), in.getLong(56));
    Matcher name = NAME.matcher(fileName);
    if (!name.matches() || !head.fileName().equals(fileName)) {
      throw Damage.at(fileName, 0, "it was renamed; its name was " + head.fileName());
    }
    if (head.lineage != identity.lineage() || !Arrays.equals(hashKey, identity.hashKey())) {
      throw Damage.at(fileName, 0, "it belongs to another directory");
    }
    return head;
  }

  /** The directory that a file says it belongs to; null if its head cannot be read. */
  static @Nullable Identity identity(Disk disk, String fileName) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(BYTES);
    try (DiskFile file = disk.open(fileName, false)) {
      file.read(in, 0);
    }
    if (wrong(in.flip()) != null || !Format.isRead(in.getInt(FORMAT_AT), FORMAT)) {
      return null;
    }
    byte[] hashKey = new byte[16];
    in.get(24, hashKey);
    return new Identity(in.getLong(16), hashKey);
  }

  private static boolean begins(ByteBuffer in) {
    return in.limit() >= BYTES && in.getLong(0) == MAGIC;
  }

  private static @Nullable String wrong(ByteBuffer in) {
    if (!begins(in)) {
      return "it does not begin as a run or a base does";
    }
    return in.getInt(CRC_AT) == crc(in) ? null : "its header is damaged";
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
