package dev.abide.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is made is there after a loss of power, with all that leads to it. */
final class MadeDirectoryTest {
  @TempDir Path temp;

  private Path real;
  private final List<Path> synced = new ArrayList<>();

  @BeforeEach
  void findReal() throws IOException {
    real = temp.toRealPath();
  }

  @Test
  void allThatLeadsToANewDirectoryIsSynced_fromBelow() throws IOException {
    Path made = temp.resolve("a/b/data");

    FileDisk.made(made, synced::add);

    assertThat(made).isDirectory();
    assertThat(synced).startsWith(real.resolve("a/b"), real.resolve("a"), real);
    assertThat(synced.getLast()).isEqualTo(real.getRoot());
  }

  @Test
  void anEmptyOne_mayBeOfAProcessThatWasKilledBeforeItsSyncs() throws IOException {
    Path made = Files.createDirectories(temp.resolve("a/data"));

    FileDisk.made(made, synced::add);

    assertThat(synced).startsWith(real.resolve("a"), real);
  }

  @Test
  void oneWithFilesInIt_isLeftAlone() throws IOException {
    Files.writeString(temp.resolve("lock"), "");

    FileDisk.made(temp, synced::add);

    assertThat(synced).isEmpty();
  }

  @Test
  void whatWasNotMadeHere_needNotLetItself_andWhatWas_must() throws IOException {
    FileDisk.made(
        temp.resolve("data"),
        directory -> {
          synced.add(directory);
          if (!directory.equals(real)) {
            throw new AccessDeniedException(directory.toString());
          }
        });
    assertThat(synced).hasSizeGreaterThan(1);
    assertThatThrownBy(() ->
            FileDisk.made(
                temp.resolve("other"),
                directory -> {
                  throw new IOException("input/output error");
                }))
        .isInstanceOf(IOException.class);
  }
}
