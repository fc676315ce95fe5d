package dev.abide.engine.internal.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file through Linux's own calls. No interrupt can close it, as one closes a {@code FileChannel},
 * and {@code pwrite} with {@code fdatasync} is cheaper. The error number is captured in the call:
 * fetched later, the JVM may have overwritten it.
 */
final class NativeFile implements DiskFile {
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0100;
  private static final int O_CLOEXEC = 02000000;
  private static final int EINTR = 4;
  private static final int MODE = 0644;
  private static final int SEEK_END = 2;

  private static final @Nullable Calls CALLS = Calls.find();

  private final Path path;
  private final Calls calls;
  private int descriptor;

  private NativeFile(Path path, Calls calls, int descriptor) {
    this.path = path;
    this.calls = calls;
    this.descriptor = descriptor;
  }

  static boolean available() {
    return CALLS != null;
  }

  static NativeFile open(Path path, boolean create) throws IOException {
    Calls calls = Objects.requireNonNull(CALLS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      MemorySegment name = arena.allocateFrom(path.toString());
      int flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0);
      while (true) {
        int descriptor = calls.open(errno, name, flags);
        if (descriptor >= 0) {
          return new NativeFile(path, calls, descriptor);
        }
        if (calls.errno(errno) != EINTR) {
          throw failed("open", path, calls.errno(errno));
        }
      }
    }
  }

  @Override
  public long size() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      long size = calls.lseek(errno, descriptor, 0, SEEK_END);
      if (size < 0) {
        throw failed("lseek", path, calls.errno(errno));
      }
      return size;
    }
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      int wanted = into.remaining();
      MemorySegment bytes = into.isDirect() ? MemorySegment.ofBuffer(into) : arena.allocate(wanted);
      int read = 0;
      while (read < wanted) {
        long now =
            calls.pread(errno, descriptor, bytes.asSlice(read), wanted - read, offset + read);
        if (now == 0) {
          break;
        }
        if (now > 0) {
          read += (int) now;
        } else if (calls.errno(errno) != EINTR) {
          throw failed("pread", path, calls.errno(errno));
        }
      }
      if (into.isDirect()) {
        into.position(into.position() + read);
      } else {
        into.put(bytes.asSlice(0, read).asByteBuffer());
      }
      return read;
    }
  }

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      int length = from.remaining();
      MemorySegment bytes = MemorySegment.ofBuffer(from);
      if (!from.isDirect()) {
        bytes = arena.allocate(length).copyFrom(bytes);
      }
      int written = 0;
      while (written < length) {
        long now =
            calls.pwrite(
                errno, descriptor, bytes.asSlice(written), length - written, offset + written);
        if (now > 0) {
          written += (int) now;
        } else if (now == 0) {
          throw new IOException(
              "pwrite of " + path + " wrote nothing of " + (length - written) + " bytes");
        } else if (calls.errno(errno) != EINTR) {
          throw failed("pwrite", path, calls.errno(errno));
        }
      }
      from.position(from.limit());
    }
  }

  @Override
  public void force() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      // Never again after a failure, not even after EINTR: the kernel may have marked the pages
      // clean.
      if (calls.fdatasync(errno, descriptor) != 0) {
        throw failed("fdatasync", path, calls.errno(errno));
      }
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      if (calls.ftruncate(errno, descriptor, size) != 0) {
        throw failed("ftruncate", path, calls.errno(errno));
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (descriptor < 0) {
      return;
    }
    int open = descriptor;
    descriptor = -1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.CAPTURE);
      if (calls.close(errno, open) != 0) {
        throw failed("close", path, calls.errno(errno));
      }
    }
  }

  private static IOException failed(String call, Path path, int errno) {
    String reason =
        switch (errno) {
          case 2 -> "no such file";
          case 5 -> "input/output error";
          case 13 -> "permission denied";
          case 24 -> "too many open files";
          case 28 -> "no space left on device";
          case 30 -> "read-only file system";
          case 122 -> "disk quota exceeded";
          default -> "errno";
        };
    return new IOException(call + " of " + path + " failed: " + reason + " (" + errno + ")");
  }

  /** The calls themselves. */
  private static final class Calls {
    static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle open;
    private final MethodHandle pread;
    private final MethodHandle pwrite;
    private final MethodHandle fdatasync;
    private final MethodHandle ftruncate;
    private final MethodHandle lseek;
    private final MethodHandle close;

    private Calls(Linker linker) {
      open =
          handle(
              linker,
              "open",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
              Linker.Option.firstVariadicArg(2));
      pread =
          handle(
              linker,
              "pread",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
      pwrite =
          handle(
              linker,
              "pwrite",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
      fdatasync = handle(linker, "fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      ftruncate = handle(linker, "ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
      lseek =
          handle(linker, "lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
      close = handle(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /** Null where they are not to be had: another system, or native access denied. */
    static @Nullable Calls find() {
      if (!System.getProperty("os.name", "").equals("Linux")) {
        return null;
      }
      try {
        return new Calls(Linker.nativeLinker());
      } catch (UnsupportedOperationException | IllegalCallerException | NoSuchElementException e) {
        org.slf4j.LoggerFactory.getLogger("dev.abide")
            .info("the journal is written through FileChannel: {}", e.getMessage());
        return null;
      }
    }

    @SuppressWarnings("restricted") // that is what --enable-native-access is for
    private static MethodHandle handle(
        Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... more) {
      Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
      options[more.length] = Linker.Option.captureCallState("errno");
      return linker.downcallHandle(
          linker.defaultLookup().find(name).orElseThrow(), descriptor, options);
    }

    int errno(MemorySegment captured) {
      return (int) ERRNO.get(captured, 0L);
    }

    int open(MemorySegment errno, MemorySegment name, int flags) {
      try {
        return (int) open.invokeExact(errno, name, flags, MODE);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    long pread(MemorySegment errno, int descriptor, MemorySegment into, long bytes, long offset) {
      try {
        return (long) pread.invokeExact(errno, descriptor, into, bytes, offset);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    long pwrite(MemorySegment errno, int descriptor, MemorySegment from, long bytes, long offset) {
      try {
        return (long) pwrite.invokeExact(errno, descriptor, from, bytes, offset);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    int fdatasync(MemorySegment errno, int descriptor) {
      try {
        return (int) fdatasync.invokeExact(errno, descriptor);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    int ftruncate(MemorySegment errno, int descriptor, long size) {
      try {
        return (int) ftruncate.invokeExact(errno, descriptor, size);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    long lseek(MemorySegment errno, int descriptor, long offset, int whence) {
      try {
        return (long) lseek.invokeExact(errno, descriptor, offset, whence);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    int close(MemorySegment errno, int descriptor) {
      try {
        return (int) close.invokeExact(errno, descriptor);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    /** A downcall throws only what the JVM throws. */
    private static RuntimeException broken(Throwable thrown) {
      if (thrown instanceof Error error) {
        throw error;
      }
      return thrown instanceof RuntimeException own ? own : new IllegalStateException(thrown);
    }
  }
}
