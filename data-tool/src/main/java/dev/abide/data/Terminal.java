package dev.abide.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Console;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether somebody watches. Java has a console only where input and output are on a terminal; the
 * output of an export is a file, and its bar is on the error output.
 */
final class Terminal {
  private static final int OUTPUT = 1;
  private static final int ERROR_OUTPUT = 2;

  private Terminal() {}

  /** Whether the error output is a terminal. */
  static boolean isErrorOutput() {
    return is(ERROR_OUTPUT);
  }

  /**
   * Whether what is printed shares its lines with the error output: on the same terminal, or before
   * a pager on it. A file does not.
   */
  static boolean sharesLines() {
    Path output = Path.of("/proc/self/fd/1");
    return Files.exists(output) ? !Files.isRegularFile(output) : is(OUTPUT);
  }

  @SuppressWarnings("restricted") // that is what --enable-native-access is for
  private static boolean is(int descriptor) {
    try {
      Linker linker = Linker.nativeLinker();
      MemorySegment found = linker.defaultLookup().find("isatty").orElse(null);
      if (found == null) {
        return hasConsole();
      }
      MethodHandle isatty = linker.downcallHandle(found, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      return (int) isatty.invokeExact(descriptor) == 1;
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      return hasConsole();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty", e);
    }
  }

  // Of JDK 22 to 24 it is never null, and says itself whether it is a terminal; of 25 it is again.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
