package dev.abide.engine.internal.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The number of the mount in which a file is: Linux gives none twice between two boots. */
final class UniqueMount {
  private static final int AT_FDCWD = -100;
  private static final int STATX_MNT_ID_UNIQUE = 0x4000;
  private static final int STATX_BYTES = 256;
  private static final int MASK_AT = 0;
  private static final int MOUNT_AT = 144;

  private UniqueMount() {}

  /** The number; null from another system, an older Linux, or where native access is denied. */
  @SuppressWarnings("restricted") // that is what --enable-native-access is for
  static @Nullable Long of(Path file) {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      MemorySegment found = library.find("statx").orElse(null);
      if (found == null) {
        return null;
      }
      MethodHandle statx =
          linker.downcallHandle(
              found,
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
      MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
      MemorySegment told = arena.allocate(STATX_BYTES, Long.BYTES);
      int failed = (int) statx.invokeExact(AT_FDCWD, name, 0, STATX_MNT_ID_UNIQUE, told);
      boolean isTold = (told.get(JAVA_INT, MASK_AT) & STATX_MNT_ID_UNIQUE) != 0;
      return failed == 0 && isTold ? told.get(JAVA_LONG, MOUNT_AT) : null;
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      return null;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("statx of " + file, e);
    }
  }
}
