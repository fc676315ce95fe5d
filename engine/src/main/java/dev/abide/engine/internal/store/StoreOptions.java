package dev.abide.engine.internal.store;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a directory is kept.
 *
 * @param journal bounds of the journal
 * @param compaction how much of the past is kept, and when files are rewritten
 * @param keepShards whether maps that a killed process left whole are taken as they are
 * @param rebuild whether all maps are made anew from the journal, whatever they are
 * @param filled told how many of the shards have been filled while a directory is opened; on any of
 *     several threads
 * @param tellEach how long an open takes before it tells in words how far it is, and again and
 *     again
 * @param said told so; null where notices are told
 */
public record StoreOptions(
    JournalOptions journal,
    CompactionOptions compaction,
    boolean keepShards,
    boolean rebuild,
    IntConsumer filled,
    Duration tellEach,
    @Nullable Consumer<String> said) {
  private static final Duration TELL_EACH = Duration.ofSeconds(5);

  /** Makes maps anew where it must. */
  public StoreOptions(JournalOptions journal, CompactionOptions compaction, boolean keepShards) {
    this(journal, compaction, keepShards, false, shards -> {}, TELL_EACH, null);
  }

  /** Keeps shards after a kill. */
  public StoreOptions(JournalOptions journal, CompactionOptions compaction) {
    this(journal, compaction, true);
  }

  /** As an engine has it that sets nothing. */
  public static StoreOptions standard() {
    return new StoreOptions(JournalOptions.standard(), CompactionOptions.standard());
  }

  /** The same, and tells how far the filling of maps has come. */
  public StoreOptions telling(IntConsumer filled) {
    return new StoreOptions(journal, compaction, keepShards, rebuild, filled, tellEach, said);
  }

  /** The same, and takes no map as it is. */
  public StoreOptions rebuilding() {
    return new StoreOptions(journal, compaction, keepShards, true, filled, tellEach, said);
  }

  /** The same, and tells more or less often in words how far an open is. */
  public StoreOptions tellingEach(Duration time) {
    return new StoreOptions(journal, compaction, keepShards, rebuild, filled, time, said);
  }

  /** The same, and tells in words how far an open is. */
  public StoreOptions saying(Consumer<String> soFar) {
    return new StoreOptions(journal, compaction, keepShards, rebuild, filled, tellEach, soFar);
  }

  /**
   * With an engine's options.
   *
   * @param appendWaitMax how long a commit waits for room
   * @param retention so far back every state can be restored
   * @param retentionBytes no more bytes of runs and segments are kept for that
   * @param keepShards whether maps that a killed process left whole are taken as they are
   */
  public static StoreOptions of(
      Duration appendWaitMax, Duration retention, long retentionBytes, boolean keepShards) {
    return new StoreOptions(
        JournalOptions.waiting(appendWaitMax),
        CompactionOptions.keeping(retention, retentionBytes),
        keepShards);
  }
}
