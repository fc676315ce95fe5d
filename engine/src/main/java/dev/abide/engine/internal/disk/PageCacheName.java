package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names the memory in which the system keeps a file's pages. Where it has the name that it had
 * before, that memory has been there all the time: what a process stored into mapped pages is
 * there, written back or not. With another name what is read is what was written back when that
 * memory went: some of it, each page of its own moment.
 *
 * <p>The name is of the boot and of the mounted file system, for a file system can go without a
 * boot: unmounted by force after an error, its device taken away and put back. The device's number
 * does not tell, nor the number of the mount in {@code /proc/self/mountinfo}: the next mount gets
 * both again. What tells:
 *
 * <ul>
 *   <li>ext4, XFS and F2FS have a directory in {@code /sys/fs} from mount to unmount. Its inode
 *       number is drawn anew each time, in a circle of two thousand million and more (since Linux
 *       4.14). It is the same in each container that has the file system.
 *   <li>For others, the mount's unique number, which is given once in a boot (since Linux 6.8). A
 *       container that is started anew has new mounts.
 * </ul>
 *
 * <p>Not told are pages that could not be written back while the file system stayed: a sync reports
 * these, unless the system has dropped the file from its memory since.
 */
public final class PageCacheName {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Map<String, String> IN_SYS_FS =
      Map.of("ext2", "ext4", "ext3", "ext4", "ext4", "ext4", "xfs", "xfs", "f2fs", "f2fs");

  private PageCacheName() {}

  /** The name, which has no other meaning; null where the system does not tell. */
  public static @Nullable UUID of(Path file) throws IOException {
    String boot;
    try {
      boot = Files.readString(BOOT_ID).trim();
    } catch (NoSuchFileException e) {
      return null;
    }
    String mounted = fileSystem(file);
    if (mounted == null) {
      Long mount = UniqueMount.of(file);
      mounted = mount == null ? null : "mount " + mount;
    }
    return mounted == null
        ? null
        : UUID.nameUUIDFromBytes((boot + " " + mounted).getBytes(StandardCharsets.UTF_8));
  }

  /** The file system's own directory of the system; null if it has none. */
  private static @Nullable String fileSystem(Path file) throws IOException {
    String kind = IN_SYS_FS.get(Files.getFileStore(file).type());
    if (kind == null) {
      return null;
    }
    try {
      long device = (Long) Files.getAttribute(file, "unix:dev");
      Path block = Path.of("/sys/dev/block", major(device) + ":" + minor(device));
      Path own = Path.of("/sys/fs", kind, block.toRealPath().getFileName().toString());
      return own + " " + Files.getAttribute(own, "unix:ino");
    } catch (IOException e) {
      // A container need not have all of it.
      return null;
    }
  }

  // As the C library packs the two into one number.

  private static long major(long device) {
    return (device >>> 8 & 0xfff) | (device >>> 32 & 0xffff_f000L);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >>> 12 & 0xffff_ff00L);
  }
}
