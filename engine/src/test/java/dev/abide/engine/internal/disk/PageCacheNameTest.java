package dev.abide.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a test of kept shards on ext4 does not reach: the names by mounts, and none at all. */
@Timeout(60)
final class PageCacheNameTest {
  @TempDir Path directory;

  private static boolean done(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
  }

  private boolean mounted() throws InterruptedException {
    return done("mount", "-t", "tmpfs", "none", directory.toString());
  }

  @Test
  void aFileSystemThatIsMountedAnew_hasAnotherName_byTheNumberOfItsMount() throws Exception {
    assumeTrue(mounted(), "nothing can be mounted here: that takes root on Linux");
    try {
      UUID first = PageCacheName.of(Files.createDirectory(directory.resolve("a")));
      assumeTrue(first != null, "mounts have unique numbers since Linux 6.8");
      assertThat(PageCacheName.of(Files.createDirectory(directory.resolve("b")))).isEqualTo(first);
      assertThat(done("umount", directory.toString())).isTrue();
      assertThat(mounted()).isTrue();
      assertThat(PageCacheName.of(directory)).isNotNull().isNotEqualTo(first);
    } finally {
      assertThat(done("umount", directory.toString())).isTrue();
    }
  }

  @Test
  void aFileThatIsNotThere_hasNoMount() {
    assertThat(UniqueMount.of(directory.resolve("no such file"))).isNull();
  }
}
