package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.Compaction;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.DirectoryLock;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalEnd;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.observe.CommitMeter;
import dev.abide.engine.internal.store.chronicle.ChronicleBootstrap;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import dev.abide.engine.internal.store.chronicle.ChronicleStore.ShardState;
import dev.abide.engine.internal.store.chronicle.ShardLines;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory: the journal, which is the truth, and the maps, from which objects wake.
 *
 * <p>Truth flows one way. A commit goes to the journal; when it is durable, to the maps. The maps
 * are taken over at an open only if the last close was clean and says that they hold exactly what
 * the journal does; else they are deleted and rebuilt from it.
 */
public final class DiskStore implements ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  /**
   * Of what the maps lack when a directory is opened at most so much waits for each store thread:
   * two passes of it, and so little that most is in the maps, and garbage, before a collection
   * would move it, which took a quarter of a rebuild's processor.
   */
  private static final long REPLAYING_BYTES_MAX = 64 << 20;

  private final DirectoryLock lock;
  private final Disk disk;
  private final Identity identity;
  private final ObjectHash hash;
  private final Consumer<Throwable> onFailure;
  private final BiConsumer<String, @Nullable Throwable> onNotice;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final CommitMeter meter = new CommitMeter();

  /**
   * Held for reading by whoever goes through all store threads, or through the files: none of them
   * may end meanwhile. A read of one object does without, see {@link #load}.
   */
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

  private final Unapplied replaying;
  private ChronicleStore maps;
  private Journal journal;
  private final ShardLines lines;
  private final FileSet files;
  private final AroundCompaction around;
  private final Compaction compaction;
  private final FreeSpace free;

  private volatile boolean closed;

  /** Set before a close waits for those who are at work. */
  private volatile boolean closing;

  private final Backups backups;

  private DiskStore(
      Path directory,
      DirectoryLock lock,
      Disk disk,
      StoreOptions options,
      ChronicleStore.Options mapOptions,
      Consumer<Throwable> onFailure,
      BiConsumer<String, @Nullable Throwable> onNotice)
      throws IOException {
    this.lock = lock;
    this.disk = disk;
    this.onFailure = onFailure;
    this.onNotice = onNotice;
    this.identity = Identity.of(disk);
    this.hash = new ObjectHash(identity.hashKey());
    this.replaying =
        new Unapplied(
            Math.min(
                options.journal().unappliedBytesMax(), REPLAYING_BYTES_MAX * mapOptions.threads()));
    this.files = FileSet.open(disk, identity);
    Opening opening =
        new Opening(
            directory,
            disk,
            identity,
            files,
            options,
            mapOptions,
            new Opening.Told(
                new ChronicleStore.Listeners(this::applied, this::storeFailed, this::notice),
                this::journalFailed,
                told -> maps = told,
                onNotice),
            replaying);
    opening.run();
    lines = opening.lines();
    journal = opening.journal();
    maps = opening.maps();
    free = new FreeSpace(disk, this::bytesNeeded, this::askAgain, onNotice);
    around =
        new AroundCompaction(
            journal, maps, opening.liveBefore(), meter, free::isFreeBeside, onNotice);
    compaction = new Compaction(files, options.compaction(), around);
    backups = new Backups(files, journal, hash, target -> target, this::refusal, this::hasEnded);
    try {
      replaying.end();
      maps.filled(journal.last());
      free.start();
      journal.start(
          this::deliver,
          (sequence, bytes, first) -> {
            compaction.begun(sequence, bytes, first);
            free.ask();
          },
          files.waiting());
      compaction.start();
    } catch (RuntimeException | Error e) {
      free.close();
      maps.abandon();
      lines.close();
      var _ = journal.close();
      throw e;
    }
  }

  /**
   * Opens a directory, which is made if it is not there.
   *
   * @param onFailure told once, when nothing more will be written or read
   * @param onNotice told of what goes wrong and is got over
   */
  public static DiskStore open(
      Path directory,
      StoreOptions options,
      Consumer<Throwable> onFailure,
      BiConsumer<String, @Nullable Throwable> onNotice) {
    return open(
        directory, options, files -> files, ChronicleStore.Options.standard(), onFailure, onNotice);
  }

  /**
   * Opens a directory with bounds and a disk of the caller's.
   *
   * @param disk puts something in front of the directory's own files, but for the maps
   */
  public static DiskStore open(
      Path directory,
      StoreOptions options,
      UnaryOperator<Disk> disk,
      Consumer<Throwable> onFailure) {
    return open(
        directory,
        options,
        disk,
        ChronicleStore.Options.standard(),
        onFailure,
        (what, cause) -> LOG.warn(what, cause));
  }

  /** Opens a directory with all that can be chosen. */
  static DiskStore open(
      Path directory,
      StoreOptions options,
      UnaryOperator<Disk> disk,
      ChronicleStore.Options mapOptions,
      Consumer<Throwable> onFailure,
      BiConsumer<String, @Nullable Throwable> onNotice) {
    ChronicleBootstrap.prepare();
    try {
      return OwnThread.run(
          "abide-open", () -> openHere(directory, options, disk, mapOptions, onFailure, onNotice));
    } catch (IOException e) {
      throw new StorageException(
          "the directory " + directory + " cannot be opened: " + e, e, true, Applied.NO);
    }
  }

  private static DiskStore openHere(
      Path directory,
      StoreOptions options,
      UnaryOperator<Disk> disk,
      ChronicleStore.Options mapOptions,
      Consumer<Throwable> onFailure,
      BiConsumer<String, @Nullable Throwable> onNotice)
      throws IOException {
    FileDisk files = FileDisk.made(directory);
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      DirectoryProbe.tell(directory, files, onNotice);
      return new DiskStore(
          directory, lock, disk.apply(files), options, mapOptions, onFailure, onNotice);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  // ---- for checks

  FileSet files() {
    return files;
  }

  ChronicleStore maps() {
    return maps;
  }

  /** How many shards were taken as they were after a kill. */
  int shardsKept() {
    return (int)
        IntStream.range(0, ChronicleStore.SHARDS).filter(shard -> maps.keptTo(shard) >= 0).count();
  }

  private boolean hasEnded() {
    return closing || journal.failure() != null;
  }

  // ---- from journal to maps

  private void deliver(List<NumberedCommit> batch) {
    maps.deliver(batch);
    long bytes = 0;
    for (NumberedCommit commit : batch) {
      bytes += commit.bytes();
    }
    // On the journal's thread, so this was the sync of this batch.
    meter.batch(batch.getLast().number(), batch.size(), bytes, journal.syncNanos());
  }

  private void applied(long bytes) {
    if (!replaying.remove(bytes)) {
      journal.applied(bytes);
    }
  }

  /** The journal failed, perhaps between making a batch durable and handing it over. */
  private void journalFailed(Throwable cause) {
    maps.endDelivery(cause);
    fail(cause);
  }

  private void fail(Throwable cause) {
    // Told before that is noted: where the memory ended, this is called again.
    if (!failed.get()) {
      onFailure.accept(cause);
      failed.set(true);
    }
  }

  private void storeFailed(String what, Throwable cause) {
    replaying.end();
    fail(new StorageException(what, cause, false, Applied.NO));
    askAgain();
  }

  /** Something of the maps did not go as it should, and may have stopped them for a while. */
  private void notice(String what, Throwable cause) {
    if (maps != null && maps.refusal() != null) {
      replaying.end();
      askAgain();
    }
    onNotice.accept(what, cause);
  }

  /** For sorting what was accepted, two segments, and a map. */
  private long bytesNeeded() {
    return files.segmentBytes() + 2 * journal.nextSegmentBytes() + maps.nextMapBytes();
  }

  /** Why commits are refused now, or null. */
  private @Nullable StorageException refusal() {
    StorageException refusal = maps.refusal();
    return refusal == null ? free.refusal() : refusal;
  }

  /** Commits that wait for the maps are refused, not kept waiting, where these cannot go on. */
  private void askAgain() {
    Journal waiting = journal;
    if (waiting != null) {
      waiting.lookAgain();
    }
  }

  // ---- the contract

  @Override
  public ObjectName name(String type, String id) {
    return hash.name(type, id);
  }

  @Override
  public long append(Commit commit) {
    return journal.append(commit, this::refusal);
  }

  @Override
  public long durable() {
    return journal.durable();
  }

  @Override
  public void awaitDurable(long number) {
    journal.awaitDurable(number);
  }

  @Override
  public long written() {
    return journal.written();
  }

  @Override
  public void awaitWritten(long number) {
    journal.awaitWritten(number);
  }

  @Override
  public void sync(long number) {
    journal.sync(number);
  }

  @Override
  public CommitMeter meter() {
    return meter;
  }

  @Override
  public long last() {
    return journal.last();
  }

  /*
   * Reads of one object take no lock, which all callers would write; the look at `closed` is for
   * the error only. One that a close overtakes is answered all the same: its store thread either
   * comes to it before it ends, while the maps are open, for these are closed behind it; or what is
   * left in its inbox is refused, by the thread itself after it has set its mark, or by the caller,
   * who looks at the mark after it has put the request in. Nothing else that a close takes away is
   * used here: the journal is not, and lines and lock go after the threads.
   */

  @Override
  public Loaded load(ObjectName name) {
    refuseIfClosed();
    return maps.load(name);
  }

  @Override
  public byte @Nullable [] find(ObjectName name, byte[] key) {
    refuseIfClosed();
    return maps.find(name, key);
  }

  @Override
  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    refuseIfClosed();
    return maps.range(name, range, reversed, entriesMax, bytesMax);
  }

  @Override
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    return whileOpen(() -> {
      if (after == null) {
        awaitAnsweredApplied();
      }
      return maps.ids(type, prefix, after, max);
    });
  }

  @Override
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    return whileOpen(() -> maps.alarms(from, max));
  }

  @Override
  public void onAlarms(Consumer<byte[]> listener) {
    maps.onAlarms(listener);
  }

  @Override
  public void awaitApplied() {
    var _ =
        whileOpen(() -> {
          awaitAnsweredApplied();
          return true;
        });
  }

  /** The maps get only what is durable, and some commits are answered for before they are. */
  private void awaitAnsweredApplied() {
    long number = journal.answerable();
    journal.sync(number);
    maps.awaitApplied(number);
  }

  @Override
  public void backup(Path to) {
    backup(to, Backup.Progress.NONE);
  }

  /** The same, and tells how far it has come. */
  public void backup(Path to, Backup.Progress progress) {
    var _ =
        onFiles(
            "abide-backup",
            "the backup to "
                + to
                + " failed; the target is the backup that it was before, or the new one, whole in"
                + " either case",
            () -> {
              backups.backup(to, progress);
              return true;
            });
  }

  @Override
  public List<Entry> past(ObjectName name, Instant when, long bytesMax) {
    return onFiles(
        "abide-past",
        "the past of " + name + " cannot be read",
        () -> backups.past(name, when, bytesMax));
  }

  /**
   * Sorts all there is, and merges and folds what is older than the retention. Waits.
   *
   * @throws StorageException also if there is no room for all of it; retryable, nothing is lost
   */
  public void compact() {
    var _ =
        onFiles(
            "abide-compact",
            "the directory cannot be compacted",
            () -> {
              backups.seal();
              // A fold asks whether the maps have it all and does not wait for them: where they
              // have not yet, it leaves it for later, and is idle.
              long durable = journal.durable();
              maps.awaitApplied(durable);
              around.appliedTo(durable);
              compaction.awaitIdle();
              if (compaction.isShort()) {
                throw new IOException(
                    "there is no room on the disk to merge and fold all; free some space");
              }
              return true;
            });
  }

  private <T> T onFiles(String thread, String failure, OwnThread.Work<T> work) {
    try {
      return OwnThread.run(
          thread,
          () -> {
            // A close waits for this; what takes long looks whether one does.
            open.readLock().lock();
            try {
              refuseIfClosed();
              return work.run();
            } finally {
              open.readLock().unlock();
            }
          });
    } catch (IOException e) {
      throw new StorageException(failure + ": " + e, e, true, Applied.NO);
    }
  }

  @Override
  public boolean ready() {
    return !closed && journal.failure() == null && maps.ready() && free.refusal() == null;
  }

  private <T> T whileOpen(Supplier<T> read) {
    open.readLock().lock();
    try {
      refuseIfClosed();
      return read.get();
    } finally {
      open.readLock().unlock();
    }
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new StorageException("the store is closed", null, false, Applied.NO);
    }
  }

  @Override
  public void close() {
    try {
      var _ =
          OwnThread.run(
              "abide-close",
              () -> {
                closeHere();
                return true;
              });
    } catch (IOException e) {
      throw new StorageException(
          "the directory could not be closed cleanly; nothing acknowledged is lost, and the next"
              + " open rebuilds: "
              + e,
          e,
          false,
          Applied.UNKNOWN);
    }
  }

  private void closeHere() throws IOException {
    closing = true;
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      free.close();
      compaction.close();
      JournalEnd end = closeJournal();
      if (end == null || maps.refusal() != null) {
        maps.abandon();
        return;
      }
      byte[] cleanId = new byte[16];
      new SecureRandom().nextBytes(cleanId);
      List<ShardState> shards = maps.close(cleanId);
      if (shards != null) {
        // The directory first: the entries of new map files must be durable before what names them.
        disk.force();
        new ShardsFile(cleanId, identity.lineage(), end, shards).write(disk);
      }
    } finally {
      lines.close();
      unlockDirectory();
      open.writeLock().unlock();
    }
  }

  private @Nullable JournalEnd closeJournal() throws IOException {
    try {
      return journal.close();
    } catch (IOException | RuntimeException | Error e) {
      maps.abandon();
      throw e;
    }
  }

  private void unlockDirectory() {
    try {
      lock.close();
    } catch (IOException e) {
      onFailure.accept(e);
    }
  }
}
