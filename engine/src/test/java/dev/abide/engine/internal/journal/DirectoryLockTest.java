package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.DirectoryInUseException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DirectoryLockTest {
  @TempDir Path directory;

  /** The other process: ends with 3 if the directory is in use. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]))) {
        System.out.println("taken by " + lock);
      } catch (DirectoryInUseException e) {
        System.exit(3);
      }
    }
  }

  private int child() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            directory.toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  @Test
  void aRefusedSecondTakeDoesNotGiveTheDirectoryAway() throws Exception {
    try (DirectoryLock lock = DirectoryLock.take(directory)) {
      assertThatThrownBy(() -> DirectoryLock.take(directory))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining(lock.toString());
      assertThat(child()).isEqualTo(3);
    }
    assertThat(child()).isZero();
  }
}
