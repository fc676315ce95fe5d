package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The materialised state: durable commits go in, in order; waking objects are read from it.
 *
 * <p>Threading: commits and {@link #delivered} from one thread, all else from any. Errors: {@link
 * StorageException} from everything once a store thread has thrown; the next open rebuilds.
 * Durability: none of its own; {@link #close} makes it durable as a whole, else it is rebuilt.
 */
public final class ChronicleStore {
  /** As many shards as there are for ever. */
  public static final int SHARDS = 64;

  /** Of the heap, for each thread, for what a shard that is filled has to sort. */
  private static final long LOT_BYTES = Runtime.getRuntime().maxMemory() / 64;

  /** What a shard needs to be opened again: its highest page number and its maps, oldest first. */
  public record ShardState(long lastPage, List<Long> generations) {}

  /**
   * How the store runs.
   *
   * @param threads the number of store threads
   * @param moving whether older maps are emptied; off only in tests
   * @param beforeMap runs on the helper's thread before it makes a map; for tests
   */
  public record Options(int threads, boolean moving, Runnable beforeMap) {
    /** One thread per two cores, four at most. */
    public static Options standard() {
      int cores = Runtime.getRuntime().availableProcessors();
      return new Options(Math.clamp(cores / 2, 1, 4), true, () -> {});
    }
  }

  private final Path directory;
  private final List<StoreThread> threads = new ArrayList<>();
  private final MapMaker maker;
  private final ShardLines lines;

  /** Up to which commit each shard was complete at the open; null if it was empty. */
  private final List<@Nullable Long> kept;

  private final BiConsumer<String, Throwable> failed;
  private final AtomicReference<@Nullable Throwable> poison = new AtomicReference<>();

  /** Whether everybody knows of the poison. Racy: who is told twice takes no harm. */
  private volatile boolean poisonTold;

  private final Delivery delivery = new Delivery();

  private volatile Consumer<byte[]> onAlarms = first -> {};

  private ChronicleStore(
      Path directory,
      ObjectHash hash,
      ShardLines lines,
      List<@Nullable Long> applied,
      List<ShardState> states,
      Map<Integer, List<PageMap>> maps,
      Options options,
      Listeners listeners) {
    LongConsumer bytesApplied = listeners.applied();
    BiConsumer<String, Throwable> notice = listeners.notice();
    this.directory = directory;
    this.lines = lines;
    this.kept = applied;
    this.failed = listeners.failed();
    maker = new MapMaker(directory, notice, options.beforeMap());
    for (int i = 0; i < options.threads(); i++) {
      threads.add(new StoreThread("abide-store-" + i, this::poison, this::failure, bytesApplied));
    }
    for (int number = 0; number < SHARDS; number++) {
      StoreThread thread = thread(number);
      Shard shard =
          shard(
              number,
              hash,
              states.get(number),
              maps.get(number),
              thread,
              options.moving(),
              applied.get(number));
      thread.own(shard);
    }
    maps.values().forEach(list -> list.forEach(map -> maker.has(map.openedBytes())));
    maker.start();
    threads.forEach(StoreThread::start);
  }

  private Shard shard(
      int number,
      ObjectHash hash,
      ShardState state,
      @Nullable List<PageMap> opened,
      StoreThread thread,
      boolean moving,
      @Nullable Long applied) {
    ShardLines.Line line = lines.line(number);
    // Building it reads its maps.
    line.touch();
    List<PageMap> list = opened == null ? List.of() : opened;
    long[] generation = {state.generations().isEmpty() ? 0 : state.generations().getLast()};
    ShardMaps maps =
        new ShardMaps(
            number,
            list,
            shape ->
                maker.make(
                    number,
                    ++generation[0],
                    shape,
                    map -> thread.post(() -> thread.shard(number).maps.add(map))),
            maker::dispose,
            () -> thread.touching(number));
    Shard shard =
        new Shard(
            number,
            maps,
            state.lastPage(),
            hash,
            moving,
            thread::itemsApplied,
            first -> onAlarms.accept(first),
            line,
            applied == null ? 0 : applied);
    if (applied == null) {
      shard.fill();
    } else {
      shard.settle();
    }
    return shard;
  }

  /**
   * Who is told.
   *
   * @param applied told on a store thread how many bytes of commits are in
   * @param failed told once, when a store thread has thrown: nothing is answered any more
   * @param notice told of what goes wrong and is got over, a full disk above all
   */
  public record Listeners(
      LongConsumer applied,
      BiConsumer<String, Throwable> failed,
      BiConsumer<String, Throwable> notice) {}

  /** Opens an empty store and deletes whatever map files there are. */
  public static ChronicleStore create(
      Path directory, ObjectHash hash, Options options, Listeners listeners) throws IOException {
    return keep(
        directory, hash, ShardLines.none(), Collections.nCopies(SHARDS, null), options, listeners);
  }

  /**
   * Opens what a killed process left of some shards. What {@link #keptTo} denies is empty and has
   * to be filled; all the same, what is behind a kept shard's number has to be applied. Until
   * {@link #filled} says that this is done, a shard that was not whole is not.
   *
   * @param lines begun anew here
   * @param whole the shards whose maps are whole
   */
  public static ChronicleStore keep(
      Path directory,
      ObjectHash hash,
      ShardLines lines,
      List<ShardLines.@Nullable Whole> whole,
      Options options,
      Listeners listeners)
      throws IOException {
    ChronicleBootstrap.prepare();
    Map<Integer, List<PageMap>> maps = new HashMap<>();
    List<Path> known = new ArrayList<>();
    List<ShardState> states = new ArrayList<>();
    List<@Nullable Long> applied = new ArrayList<>();
    List<NoSuchFileException> missing = new ArrayList<>();
    lines.begin();
    for (int number = 0; number < SHARDS; number++) {
      ShardLines.Whole shard = whole.get(number);
      List<PageMap> opened =
          shard == null ? null : MapFiles.whole(directory, hash, number, shard, missing, listeners);
      if (shard == null || opened == null) {
        states.add(new ShardState(0, List.of()));
        applied.add(null);
      } else {
        states.add(new ShardState(shard.lastPage(), shard.generations()));
        applied.add(shard.applied());
        maps.put(number, opened);
        for (long generation : shard.generations()) {
          known.add(PageMap.file(directory, number, generation));
        }
      }
    }
    if (!missing.isEmpty()) {
      NoSuchFileException first = missing.getFirst();
      listeners
          .notice()
          .accept(
              missing.size() == 1
                  ? "the map file %s is missing; its shard is rebuilt from the journal"
                      .formatted(first.getMessage())
                  : "map files of %d shards are missing, %s among them; the shards are rebuilt from the journal"
                      .formatted(missing.size(), first.getMessage()),
              first);
    }
    try {
      MapFiles.deleteAllBut(directory, known);
      return new ChronicleStore(directory, hash, lines, applied, states, maps, options, listeners);
    } catch (IOException | RuntimeException | Error e) {
      MapFiles.abandon(maps.values().stream().flatMap(List::stream).toList());
      throw e;
    }
  }

  /** Whether the shard was taken as it is, up to this number; -1 if it is empty. */
  public long keptTo(int number) {
    Long applied = kept.get(number);
    return applied == null ? -1 : applied;
  }

  /** More has to be applied to a shard that was kept, out of order: it is not whole meanwhile. */
  public void fill(int number) {
    StoreThread thread = thread(number);
    thread.ask(() -> {
      thread.shard(number).fill();
      return true;
    });
  }

  /**
   * Fills an empty shard, each page of which is put once: {@link #fill(int, List)} hands over its
   * state, {@link #endFill} says that this was all. Nothing is read from the shard meanwhile, and
   * no commit is applied. One thread for each shard.
   *
   * @param bytes about as many bytes come
   */
  public void beginFill(int number, long bytes) {
    beginFill(number, bytes, LOT_BYTES);
  }

  void beginFill(int number, long bytes, long lotBytes) {
    thread(number).beginFill(number, bytes, lotBytes);
  }

  /** Hands over more of a state, in the order of the objects and of their keys. */
  public void fill(int number, List<NumberedCommit> state) {
    thread(number).fill(number, state);
  }

  /**
   * All of the shard's state was handed over.
   *
   * @param last the last commit
   */
  public void endFill(int number, long last) {
    thread(number).endFill(number, last);
  }

  /** All shards hold all commits up to the number; waits for it. */
  public void filled(long number) {
    delivered(number);
    awaitApplied(number);
    onEachShard(shard -> shard.filled(number));
  }

  /**
   * Opens what {@link #close} left.
   *
   * @return null if a map is missing, cannot be opened, or does not carry the clean id; then the
   *     store must be created anew
   */
  public static @Nullable ChronicleStore reopen(
      Path directory,
      ObjectHash hash,
      byte[] cleanId,
      List<ShardState> states,
      Options options,
      Listeners listeners)
      throws IOException {
    return reopen(directory, hash, ShardLines.none(), cleanId, states, 0, options, listeners);
  }

  /**
   * The same.
   *
   * @param lines begun anew here
   * @param number the commit that the maps stand at
   */
  public static @Nullable ChronicleStore reopen(
      Path directory,
      ObjectHash hash,
      ShardLines lines,
      byte[] cleanId,
      List<ShardState> states,
      long number,
      Options options,
      Listeners listeners)
      throws IOException {
    ChronicleBootstrap.prepare();
    lines.begin();
    Map<Integer, List<PageMap>> maps = new HashMap<>();
    try {
      MapFiles.open(directory, cleanId, states, maps);
      return new ChronicleStore(
          directory,
          hash,
          lines,
          Collections.nCopies(SHARDS, number),
          states,
          maps,
          options,
          listeners);
    } catch (IOException | RuntimeException | Error e) {
      listeners
          .notice()
          .accept(
              "the maps in %s could not be taken as they are; they are rebuilt from the journal"
                  .formatted(directory),
              e);
      MapFiles.abandon(maps.values().stream().flatMap(List::stream).toList());
      return null;
    }
  }

  /** Hands over a durable commit; one thread for each store thread, in the order of the numbers. */
  public void apply(NumberedCommit commit) {
    thread(commit.commit().name().shard()).apply(List.of(commit));
  }

  /** Hands over durable commits in the order of their numbers, up to which all are there then. */
  public void deliver(List<NumberedCommit> batch) {
    if (threads.size() == 1) {
      threads.getFirst().apply(batch);
    } else {
      Map<StoreThread, List<NumberedCommit>> shares = new HashMap<>();
      for (NumberedCommit commit : batch) {
        shares
            .computeIfAbsent(thread(commit.commit().name().shard()), _ -> new ArrayList<>())
            .add(commit);
      }
      shares.forEach(StoreThread::apply);
    }
    delivered(batch.getLast().number());
  }

  /**
   * Says that all commits up to this number have been handed over. After an open it must be called
   * with the number that the maps stand at, before anything waits for it.
   */
  public void delivered(long number) {
    delivery.reached(number);
  }

  /** Says that nothing more is handed over: whoever waits for more is refused. */
  public void endDelivery(Throwable cause) {
    lines.invalidate();
    delivery.end(cause);
  }

  /**
   * Waits until everything up to this number has been handed over and applied.
   *
   * @throws StorageException also if that cannot be for want of room; then it may be tried again
   */
  public void awaitApplied(long number) {
    delivery.await(number, this::check);
    barriers(number).forEach(barrier -> barrier.awaitUnless(this::stuck));
  }

  /** All up to the number has been handed over. */
  private List<Request<Boolean>> barriers(long number) {
    List<Request<Boolean>> barriers = new ArrayList<>();
    threads.forEach(thread -> barriers.add(thread.barrier(number)));
    return barriers;
  }

  /** Marks what has been handed over so far. */
  public AppliedMark mark() {
    // The number first: what is handed over after it is behind the mark, or counts as such.
    long number = delivery.number();
    return new AppliedMark(number, barriers(number));
  }

  /** How many live bytes there are more than at the open, as bases would count them. */
  public long liveBytes() {
    long live = 0;
    for (StoreThread thread : threads) {
      for (Shard shard : thread.shards()) {
        live += shard.pages.live();
      }
    }
    return live;
  }

  /** About how many bytes the next map file will have at most. */
  public long nextMapBytes() {
    return maker.nextBytes();
  }

  /** The number of store threads; one of them has every so many-th shard. */
  public int threads() {
    return threads.size();
  }

  public Loaded load(ObjectName name) {
    return read(name, reader -> reader.load(name));
  }

  public byte @Nullable [] find(ObjectName name, byte[] key) {
    return read(name, reader -> Optional.ofNullable(reader.find(name, key))).orElse(null);
  }

  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    return read(name, reader -> reader.range(name, range, reversed, entriesMax, bytesMax));
  }

  /** The next ids of the type in the shard, within the range. */
  Request<List<Entry>> ids(int number, String type, KeyRange range, int max) {
    StoreThread thread = thread(number);
    return thread.send(() -> {
      Shard shard = thread.shard(number);
      return shard.reader.range(shard.catalogue(type), range, false, max, Integer.MAX_VALUE);
    });
  }

  /** Ids of the type in order, see the contract of the store; of what is applied now. */
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    return IdMerge.ids(this, type, prefix, after, max);
  }

  /** Alarms in the order of their places; of what is applied now. */
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    ShardMerge.Source source =
        (number, range, most) -> {
          StoreThread thread = thread(number);
          return thread.send(() -> thread.shard(number).alarms(range, most));
        };
    return ShardMerge.merge(source, new KeyRange(from, null), max).stream()
        .map(AlarmIndex::read)
        .toList();
  }

  /**
   * Sets who is told of the first of some alarms that have entered the index, on a store thread.
   */
  public void onAlarms(Consumer<byte[]> listener) {
    onAlarms = listener;
  }

  /** Whether no store thread has thrown, and there is room for what has to be applied. */
  public boolean ready() {
    return poison.get() == null && !maker.isStuck();
  }

  /** Why commits are refused now, or null: the store has failed, or has no room. */
  public @Nullable StorageException refusal() {
    StorageException failure = failure();
    return failure == null ? stuck() : failure;
  }

  /** Why nothing is answered any more, or null. */
  public @Nullable StorageException failure() {
    Throwable cause = poison.get();
    return cause == null
        ? null
        : new StorageException(
            "the store in %s failed and answers nothing any more; the journal is unharmed. Close the"
                    .formatted(directory)
                + " engine and open it again: the maps are then rebuilt. Cause: "
                + cause.getMessage(),
            cause,
            false,
            Applied.NO);
  }

  /** Why commits are refused for now, or null: a needed map cannot be made. */
  private @Nullable StorageException stuck() {
    return maker.isStuck()
        ? new StorageException(
            "the next map of the store cannot be made in %s: %s. It is tried again every second; if space is what it wants, free some"
                .formatted(directory, maker.whyStuck()),
            null,
            true,
            Applied.NO)
        : null;
  }

  /**
   * Applies what was handed over, and makes the maps durable.
   *
   * @return what {@link #reopen} needs, or null if the store had failed or has no room: then the
   *     maps have no seal, and are rebuilt
   */
  public @Nullable List<ShardState> close(byte[] cleanId) throws IOException {
    try {
      awaitApplied(0);
      // All commits are in; but pages of what is being freed may wait for a map that is being made,
      // and while some of them are written and others are not, their tree is torn in the maps.
      List<Request<Boolean>> written = threads.stream().map(StoreThread::finish).toList();
      written.forEach(thread -> thread.awaitUnless(this::stuck));
    } catch (StorageException e) {
      abandon();
      return null;
    }
    end();
    // A seal is put into each map, and what follows is not a kill's to cut off.
    lines.invalidate();
    if (poison.get() != null || !shards().stream().allMatch(Shard::isIdle)) {
      abandonMaps();
      return null;
    }
    ShardState[] states = new ShardState[SHARDS];
    try {
      for (Shard shard : shards()) {
        List<Long> generations = new ArrayList<>();
        for (PageMap map : shard.maps.list()) {
          map.close(MapFiles.seal(shard.number, map.generation(), cleanId));
          generations.add(map.generation());
        }
        states[shard.number] = new ShardState(shard.pages.lastNumber(), List.copyOf(generations));
      }
    } catch (IOException | RuntimeException | Error e) {
      // Closing one that is closed already does nothing.
      MapFiles.abandon(maps());
      throw e;
    }
    return List.of(states);
  }

  /** Ends the store without making it durable. */
  public void abandon() {
    end();
    lines.invalidate();
    abandonMaps();
  }

  private void abandonMaps() {
    MapFiles.abandon(maps());
  }

  private List<Shard> shards() {
    return threads.stream().flatMap(thread -> thread.shards().stream()).toList();
  }

  private List<PageMap> maps() {
    return shards().stream().flatMap(shard -> shard.maps.list().stream()).toList();
  }

  /** The maker first: what it made before it ended is taken over by the threads before they end. */
  private void end() {
    maker.end();
    threads.forEach(StoreThread::end);
    maker.end();
  }

  /** Does something with each shard, on its thread; for checks. */
  void onEachShard(Consumer<Shard> action) {
    for (int i = 0; i < SHARDS; i++) {
      int number = i;
      StoreThread thread = thread(number);
      thread.ask(() -> {
        action.accept(thread.shard(number));
        return true;
      });
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface Read<T extends @Nullable Object> {
    T read(TreeReader reader);
  }

  private <T extends @Nullable Object> T read(ObjectName name, Read<T> read) {
    StoreThread thread = thread(name.shard());
    return thread.ask(() -> {
      Shard shard = thread.shard(name.shard());
      try {
        return read.read(shard.reader);
      } finally {
        shard.pages.forgetRead();
      }
    });
  }

  private StoreThread thread(int shard) {
    return threads.get(shard % threads.size());
  }

  private void check() {
    StorageException failure = failure();
    if (failure != null) {
      throw failure;
    }
  }

  private void poison(Throwable cause) {
    // First of all: a shard may say no more that it is whole.
    lines.invalidate();
    boolean first = poison.compareAndSet(null, cause);
    threads.forEach(StoreThread::wake);
    // What follows may end for want of memory, and is then called again.
    if (first || !poisonTold) {
      failed.accept(
          "the store in %s failed; it is rebuilt at the next open".formatted(directory), cause);
      delivery.lookAgain();
      poisonTold = true;
    }
  }
}
