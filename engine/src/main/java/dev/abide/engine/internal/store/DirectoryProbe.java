package dev.abide.engine.internal.store;

import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.disk.SyncProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says on what a directory lies, and how long a sync takes there. */
final class DirectoryProbe {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  private DirectoryProbe() {}

  static void tell(Path directory, FileDisk files, BiConsumer<String, @Nullable Throwable> onNotice)
      throws IOException {
    String kind = files.fileSystem();
    try {
      LOG.info(
          "{} is on {}; a write of 4 KiB and its sync take {} µs there, the median of five",
          directory,
          kind,
          SyncProbe.nanos(files) / 1_000);
    } catch (IOException e) {
      // A full disk, most likely: what is stored there can be read all the same.
      LOG.warn("{} is on {}; what a sync takes there could not be measured", directory, kind, e);
    }
    if (kind.equals("tmpfs") || kind.equals("ramfs")) {
      String what =
          "%s is on %s, which is memory: nothing that is stored there survives the machine's next start"
              .formatted(directory, kind);
      onNotice.accept(what, new IOException(what));
    }
  }
}
