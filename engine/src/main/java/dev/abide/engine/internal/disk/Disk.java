package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.util.List;

/**
 * One directory and its files. Names are plain, without separators.
 *
 * <p>Threading: any platform thread; never a thread that user code may interrupt.
 */
public interface Disk {
  /** The names of all files, in no order. */
  List<String> list() throws IOException;

  /** Whether the file exists. */
  boolean exists(String name) throws IOException;

  /** Opens a file for reading and writing; makes it if asked to, else it must exist. */
  DiskFile open(String name, boolean create) throws IOException;

  /** Renames atomically, replacing what had the new name. Durable only after {@link #force}. */
  void rename(String from, String to) throws IOException;

  /** Deletes the file if it exists. Durable only after {@link #force}. */
  void delete(String name) throws IOException;

  /** Makes creations, renames and deletions durable. */
  void force() throws IOException;

  /** Bytes that may still be written here. */
  long usableBytes() throws IOException;
}
