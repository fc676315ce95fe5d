package dev.abide.engine.internal.store.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A map that is wanted comes, whatever has failed on the way to it. */
@Timeout(60)
final class MapMakerTest {
  @TempDir Path directory;

  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void prepare() {
    ChronicleBootstrap.prepare();
  }

  private MapMaker maker() {
    MapMaker maker = new MapMaker(directory, (what, cause) -> told.add(what), () -> {});
    maker.start();
    return maker;
  }

  @Test
  void aMapThatCouldNotBeGivenAway_forWantOfMemory_isGivenAwayLater() throws Exception {
    MapMaker maker = maker();
    AtomicInteger tries = new AtomicInteger();
    CompletableFuture<PageMap> given = new CompletableFuture<>();

    maker.make(
        3,
        7,
        MapShape.first(3),
        map -> {
          if (tries.incrementAndGet() == 1) {
            throw new OutOfMemoryError("injected");
          }
          given.complete(map);
        });

    PageMap map = given.get();
    Awaitility.await().until(() -> !maker.isStuck());
    assertThat(told).hasSize(1);
    assertThat(map.isOwn()).isTrue();
    map.put(new PageId(1, 2, 3).key(), new byte[] {4});
    assertThat(map.get(new PageId(1, 2, 3).key())).containsExactly(4);
    assertThat(files()).containsExactly(PageMap.file(directory, 3, 7));
    maker.end();
    map.abandon();
  }

  /** The file was made, and the memory ended before anybody had it; so it could not be removed. */
  @Test
  void aFileThatAFailedTryHasLeft_isNoHindrance() throws Exception {
    Files.write(PageMap.file(directory, 3, 7), new byte[100]);
    MapMaker maker = maker();
    CompletableFuture<PageMap> given = new CompletableFuture<>();

    maker.make(3, 7, MapShape.first(3), given::complete);

    PageMap map = given.get();
    assertThat(map.isOwn()).isTrue();
    assertThat(told).isEmpty();
    maker.end();
    map.abandon();
  }

  @Test
  void aMapThatIsNotGivenAwayBeforeTheEnd_leavesNoFile() throws Exception {
    MapMaker maker = maker();
    CountDownLatch tried = new CountDownLatch(1);

    maker.make(
        3,
        7,
        MapShape.first(3),
        map -> {
          tried.countDown();
          throw new OutOfMemoryError("injected");
        });
    tried.await();
    maker.end();

    assertThat(files()).isEmpty();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
