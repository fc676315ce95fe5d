package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What must be so before the first class of Chronicle is loaded: the flags it needs are there, its
 * analytics and its announcements are off. Names no class of Chronicle.
 */
public final class ChronicleBootstrap {
  /** What to add to the command line. */
  public static final String FLAGS =
      "--add-opens java.base/java.lang=ALL-UNNAMED"
          + " --add-opens java.base/java.lang.reflect=ALL-UNNAMED"
          + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED"
          + " --enable-native-access=ALL-UNNAMED"
          + " --sun-misc-unsafe-memory-access=allow";

  // Held, for the logging of the JDK forgets the levels of loggers that nobody holds.
  private static final Logger CLEANER =
      Logger.getLogger(
          "net.openhft.chronicle.core.internal.cleaner.ReflectionBasedByteBufferCleanerService");

  private ChronicleBootstrap() {}

  /**
   * Prepares the JVM; may be called again.
   *
   * @throws StorageException if a flag is missing; the message has the line to add
   */
  public static void prepare() {
    Module base = Object.class.getModule();
    Module own = ChronicleBootstrap.class.getModule();
    if (!base.isOpen("java.lang", own)
        || !base.isOpen("java.lang.reflect", own)
        || !base.isExported("sun.nio.ch", own)) {
      throw new StorageException(
          "the JVM was started without flags that Chronicle Map needs to keep objects off heap."
              + " Start it with: java "
              + FLAGS,
          null,
          false,
          Applied.NO);
    }
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
    CLEANER.setLevel(Level.SEVERE);
    load("net.openhft.chronicle.core.io.BackgroundResourceReleaser");
  }

  /*
   * That class registers a shutdown hook when it is loaded, which is not possible any more in a
   * shutdown hook. An application that closes its engine in one may make its first map there.
   */
  private static void load(String name) {
    try {
      Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          name + " is not in this version of Chronicle: its place has to be found anew", e);
    }
  }
}
