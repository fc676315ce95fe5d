package dev.abide.engine.internal.store;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.observe.CommitMeter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where commits go and where waking objects come from.
 *
 * <p>Reads see a prefix of the commits: at least all whose owner was told {@link
 * ApplyListener#applied}, never one that is not durable. What is committed and not yet applied is
 * known to the object's activation, which lays it over what it reads here.
 *
 * <p>Threading: all methods may be called from any thread, virtual ones too. A caller keeps the
 * commits of one object in order by not appending two of them at once. Waits keep an interrupt for
 * later and never end by it.
 *
 * <p>Errors: {@link StorageException} when the journal failed (final), when the store failed (final
 * until the engine is opened anew), when there is no room (retryable).
 */
public interface ObjectStore extends AutoCloseable {
  /** The name with its hash. */
  ObjectName name(String type, String id);

  /**
   * Gives the commit the next number and hands it to the journal, in one step: number order is
   * journal order. Returns before the commit is durable. May wait while more bytes are queued and
   * unapplied than the bound allows.
   *
   * @throws StorageException if the commit is refused; then nothing of it was handed over
   */
  long append(Commit commit);

  /** The number up to which everything is durable; only grows. Numbers begin at 1. */
  long durable();

  /**
   * Waits until everything up to this number is durable; returns at once if it is.
   *
   * @throws StorageException if the journal failed before that; it is not known then whether the
   *     commit survives
   */
  void awaitDurable(long number);

  /**
   * The number up to which everything is written, and so survives the end of the process; never
   * less than what is durable. What survives less is in memory.
   */
  default long written() {
    return durable();
  }

  /**
   * Waits until everything up to this number is written; returns at once if it is.
   *
   * @throws StorageException if the journal failed before that
   */
  default void awaitWritten(long number) {
    awaitDurable(number);
  }

  /** As {@link #awaitDurable}, for commits too whose owner does not ask for it: not put off. */
  default void sync(long number) {
    awaitDurable(number);
  }

  /** Counts what was committed. */
  CommitMeter meter();

  /** The highest number given so far. */
  long last();

  /** The highest number given so far where commits of this type go. */
  default long lastOf(String type) {
    return last();
  }

  /**
   * Whether objects of the type outlive the engine, and their values are to be described for those
   * who read them without the application's classes.
   */
  default boolean keeps(String type) {
    return true;
  }

  /** Reads a small object as a whole, of a large one nothing. */
  Loaded load(ObjectName name);

  /** The value of one key, or null. */
  byte @Nullable [] find(ObjectName name, byte[] key);

  /**
   * Entries inside the range, from its lower end upwards, or from its upper end downwards if {@code
   * reversed}. At least one if there is any, else at most {@code entriesMax}, and no further one
   * after {@code bytesMax} bytes of keys and values have been gathered. An empty answer says that
   * the range is empty; a shorter one than asked for says nothing: ask again behind its last key.
   */
  List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax);

  /**
   * Ids of existing objects of the type, in UTF-8 order, that begin with {@code prefix} and follow
   * {@code after} (null: from the first), at most {@code max}. An object exists while it has
   * entries. An empty answer says that there are no more.
   */
  List<String> ids(String type, String prefix, @Nullable String after, int max);

  /**
   * Alarms of all objects in the order of their places, from this place on; at most {@code max}. An
   * empty answer says that there are no more.
   */
  List<AlarmIndex.Indexed> alarms(byte[] from, int max);

  /**
   * Sets who is told, from now on, that alarms have entered the index: the first place of some that
   * did, when they can be read. Told on any thread; must be short, must not block or throw.
   */
  void onAlarms(Consumer<byte[]> listener);

  /** Waits until all that may have been answered for is durable and applied. */
  void awaitApplied();

  /**
   * Copies all that is durable to another directory, while commits go on. Waits.
   *
   * @throws IllegalStateException if this store keeps nothing
   */
  default void backup(Path to) {
    throw new IllegalStateException(
        "this engine keeps its objects in memory, so there is nothing to back up; use Abide.open");
  }

  /**
   * What an object had after the last durable commit at or before the instant, in the order of its
   * keys. Waits.
   *
   * @throws IllegalArgumentException if that was dropped, or the object is larger than {@code
   *     bytesMax}
   * @throws IllegalStateException if this store keeps nothing
   */
  default List<Entry> past(ObjectName name, Instant when, long bytesMax) {
    throw new IllegalStateException(
        "this engine keeps its objects in memory, and nothing of their past; use Abide.open");
  }

  /**
   * Whether commits are accepted: neither journal nor store has failed, and close has not begun.
   */
  boolean ready();

  /** Writes, syncs and applies what was accepted, and gives the directory back. Idempotent. */
  @Override
  void close();
}
