package dev.abide.engine.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.DirectoryInUseException;
import java.io.IOException;
import java.io.InputStream;
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

  /** Loads the engine's classes anew, as a second application in one process would. */
  private static final class Again extends ClassLoader {
    Again() {
      super(DirectoryLockTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.abide.engine.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = requireNonNull(in).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void aTakeByAnotherCopyOfTheClasses_isRefused_andDoesNotGiveTheDirectoryAway() throws Exception {
    Class<?> copy = new Again().loadClass(DirectoryLock.class.getName());
    assertThat(copy).isNotSameAs(DirectoryLock.class);
    try (DirectoryLock lock = DirectoryLock.take(directory)) {
      assertThatThrownBy(() -> copy.getMethod("take", Path.class).invoke(null, directory))
          .cause()
          .hasMessageContaining("class loader");
      assertThat(child()).as("while %s holds it", lock).isEqualTo(3);
    }
  }
}
