package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the files that the caller holds say of one object. */
public final class Past {
  private Past() {}

  /**
   * One change that is kept.
   *
   * @param number the commit
   * @param isRange whether a range was cleared, from the key on
   * @param content the value, null if the key was deleted; of a range the first key behind it, null
   *     if it has no end
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Version(long number, byte[] key, boolean isRange, byte @Nullable [] content) {}

  /**
   * What the object had after a commit, in the order of its keys.
   *
   * @param bytesMax so many bytes of keys and values are read
   * @throws IllegalArgumentException if that state was dropped, or the object is larger
   */
  public static List<Entry> entries(
      FileSet.Pinned files, ObjectName name, long number, long bytesMax) throws IOException {
    ObjectKey key = ObjectKey.of(name);
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    try (State state = State.of(files, key, number)) {
      while (state.next()) {
        if (state.objectKey().equals(key)) {
          entries.add(new Entry(state.key(), state.value()));
          bytes += state.key().length + state.value().length;
          if (bytes > bytesMax) {
            throw new IllegalArgumentException(
                name + " has more than " + bytesMax + " bytes, which is all that is read at once");
          }
        }
      }
    }
    return entries;
  }

  /**
   * All versions that are kept, by key, newest first. What is older than the base is there once, as
   * it was then.
   *
   * @param last the last commit that counts
   */
  public static List<Version> versions(FileSet.Pinned files, ObjectName name, long last)
      throws IOException {
    ObjectKey key = ObjectKey.of(name);
    SortedFile base = files.base(name.shard());
    List<Version> versions = new ArrayList<>();
    try (Cursor all = State.records(files, key, base == null ? 0 : base.last(), last)) {
      while (all.next()) {
        if (all.object().equals(key)) {
          versions.add(new Version(all.number(), all.key(), all.isRange(), all.content()));
        }
      }
    }
    return versions;
  }
}
