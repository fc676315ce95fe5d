package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that owns some shards: all reads, applies and moves of them happen here and
 * never interleave. One round: everything that waits in the inbox, reads among it; one slice of
 * apply; one of graves; one of moving. It waits for nobody, but parks when there is nothing to do.
 *
 * <p>Commits gather until they are worth a pass: an object that committed many times meanwhile
 * costs one write of its page. A pass begins when what gathered holds {@value #LOT_BYTES_MAX} bytes
 * of heap, or fewer in a small heap, or {@value #GATHERING_MILLIS} ms after the first of them, and
 * at once for whoever waits for what they did: a barrier, or an alarm.
 *
 * <p>What is thrown here ends the store: everything that waits and everything that comes is
 * answered with the failure. That holds if it is the memory that ended: what answers is made
 * before, and what is told is told again until it has been.
 */
final class StoreThread {
  private static final int SLICE_PAGES = 64;
  private static final int SLICE_MOVES = 32;
  private static final int LOT_BYTES_MAX = 32 << 20;
  private static final long GATHERING_MILLIS = 50;
  private static final long GATHERING_NANOS = GATHERING_MILLIS * 1_000_000;

  /** A quarter of what may be unapplied by default, so that commits come in while it is applied. */
  private static final long LOT_BYTES =
      Math.min(LOT_BYTES_MAX, Runtime.getRuntime().maxMemory() / 32);

  private final Thread thread;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Consumer<Throwable> poisoned;
  private final Supplier<@Nullable RuntimeException> poison;
  private final LongConsumer applied;

  /** Made before it is needed: where the memory ended, no exception can be made either. */
  private final StorageException outOfMemory =
      new StorageException(
          "the store failed, and there was no memory to say more", null, false, Applied.NO);

  /** By number. Filled before the thread starts. */
  private final Map<Integer, Shard> shards = new LinkedHashMap<>();

  // The store thread only.
  private final ArrayDeque<Shard> turn = new ArrayDeque<>();
  private final ArrayDeque<Epoch> epochs = new ArrayDeque<>();

  /** Of shards that are filled from nothing, by number, until all was handed over. */
  private final Map<Integer, ShardFill> fills = new HashMap<>();

  private boolean ended;

  /** Who waits until no page does, or null; stays when that is so. */
  private @Nullable Request<Boolean> finishing;

  /** What was thrown here and could not be told yet, or null. */
  private @Nullable Throwable untold;

  /** The shard whose maps were touched last, if nothing has said since that they are whole. */
  private @Nullable Shard touched;

  /** What has gathered for the next pass, since when, and whether somebody waits for it. */
  private long gatheredBytes;

  private long gatheredSince;
  private boolean urgent;

  /** Set before the last look at the inbox: whoever adds to it later sees this, and unparks. */
  private volatile boolean parked;

  /** Set when the loop has ended: what is posted after is refused, by whoever posts it. */
  private volatile boolean gone;

  /**
   * @param poisoned told what was thrown here
   * @param poison what everything is refused with since some store thread threw, or null
   * @param applied told of the bytes of commits that are in
   */
  StoreThread(
      String name,
      Consumer<Throwable> poisoned,
      Supplier<@Nullable RuntimeException> poison,
      LongConsumer applied) {
    this.poisoned = poisoned;
    this.poison = poison;
    this.applied = applied;
    thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
    epochs.add(new Epoch());
  }

  /** Gives the thread a shard; before {@link #start}. */
  void own(Shard shard) {
    shards.put(shard.number, shard);
    turn.add(shard);
  }

  void start() {
    thread.start();
  }

  /** Hands something over to be done on the thread. */
  void post(Runnable work) {
    inbox.add(work);
    if (gone) {
      // The loop may have ended before it saw this. Either it is seen there, in the last look after
      // `gone` was set, or `gone` is seen here.
      refuseRest();
    }
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Has something done on the thread and waits for it. */
  <T extends @Nullable Object> T ask(Supplier<T> work) {
    return send(work).await();
  }

  /** Has something done on the thread. */
  <T extends @Nullable Object> Request<T> send(Supplier<T> work) {
    Request<T> request = new Request<>(work);
    post(() -> run(request));
    return request;
  }

  /**
   * A request that ends when everything that was posted before is applied.
   *
   * @param number up to there all was posted, or 0
   */
  Request<Boolean> barrier(long number) {
    Request<Boolean> request = new Request<>(() -> true);
    post(() -> {
      RuntimeException failure = refusal();
      if (failure != null) {
        request.fail(failure);
        return;
      }
      try {
        beginEpoch(number, request);
      } catch (Throwable e) {
        endStore(e);
        request.fail(failed());
      }
    });
    return request;
  }

  /**
   * A request that ends when no page waits to be written; from then on nothing is begun by itself,
   * which might have to wait for a map: neither freeing nor moving. To be asked at the end, when no
   * more commits come.
   */
  Request<Boolean> finish() {
    Request<Boolean> request = new Request<>(() -> true);
    post(() -> {
      RuntimeException failure = refusal();
      if (failure == null) {
        finishing = request;
      } else {
        request.fail(failure);
      }
    });
    return request;
  }

  private void endFinishing() {
    Request<Boolean> request = finishing;
    if (request != null && !request.succeeded()) {
      for (Shard shard : shards.values()) {
        if (!shard.isIdle()) {
          return;
        }
      }
      request.run();
    }
  }

  private void beginEpoch(long number, Request<Boolean> request) {
    Epoch epoch = epochs.getLast();
    epochs.add(new Epoch());
    epoch.closed = true;
    epoch.number = number;
    epoch.waiting.add(request);
    urgent = true;
    endEpochs();
  }

  /** Hands durable commits over, in order. */
  void apply(List<NumberedCommit> commits) {
    post(() -> {
      if (refusal() == null) {
        commits.forEach(this::gather);
      }
    });
  }

  /**
   * Fills an empty shard with what {@link #fill} hands over.
   *
   * @param bytes about as many bytes come
   * @param lotBytes how much of the heap what has to be sorted may take
   */
  void beginFill(int number, long bytes, long lotBytes) {
    post(() -> {
      if (refusal() == null) {
        fills.put(number, shard(number).beginFill(bytes, lotBytes));
      }
    });
  }

  /** Hands over more of a state, in its order. */
  void fill(int number, List<NumberedCommit> state) {
    post(() -> {
      if (refusal() == null) {
        ShardFill fill = filling(number);
        state.forEach(commit -> fill.add(item(commit)));
      }
    });
  }

  /** Nothing more comes for the shard; a barrier waits also for what is sorted only then. */
  void endFill(int number, long last) {
    post(() -> {
      if (refusal() == null) {
        ObjectName none = shard(number).gravesName();
        Commit nothing = new Commit(none, false, List.of(), List.of(), ApplyListener.NONE);
        filling(number).end(item(last, nothing, 0));
        fills.remove(number);
      }
    });
  }

  private ShardFill filling(int number) {
    ShardFill fill = fills.get(number);
    if (fill == null) {
      throw new IllegalStateException("shard " + number + " is not being filled");
    }
    return fill;
  }

  private Pending.Item item(NumberedCommit numbered) {
    return item(numbered.number(), numbered.commit(), numbered.heapBytes());
  }

  private Pending.Item item(long number, Commit commit, long heapBytes) {
    Epoch epoch = epochs.getLast();
    epoch.outstanding++;
    return new Pending.Item(number, commit, heapBytes, epoch);
  }

  private void gather(NumberedCommit numbered) {
    Commit commit = numbered.commit();
    if (gatheredBytes == 0) {
      gatheredSince = System.nanoTime();
    }
    gatheredBytes += numbered.heapBytes();
    urgent |= AlarmIndex.hasAlarms(commit);
    shard(commit.name().shard()).add(item(numbered));
  }

  /** Called before anything is done to a shard's maps. One shard at a time is not whole. */
  void touching(int number) {
    Shard shard = shards.get(number);
    if (shard == null) {
      // It is being built, and says itself that it is touched.
      return;
    }
    if (!shard.equals(touched)) {
      settle();
      touched = shard;
    }
    shard.touch();
  }

  /** Lets it look whether the store has failed. Takes no memory. */
  void wake() {
    LockSupport.unpark(thread);
  }

  private void settle() {
    Shard last = touched;
    if (last != null && poison.get() == null) {
      touched = null;
      last.settle();
    }
  }

  /** The shard; on the thread only. */
  Shard shard(int number) {
    Shard shard = shards.get(number);
    if (shard == null) {
      throw new IllegalStateException("shard " + number + " belongs to another store thread");
    }
    return shard;
  }

  /** The shards; which they are never changes, what is in them is the thread's. */
  List<Shard> shards() {
    return new ArrayList<>(shards.values());
  }

  /** Called by shards when commits are in, in the order of each object's. */
  void itemsApplied(List<Pending.Item> items) {
    long bytes = 0;
    for (Pending.Item item : items) {
      item.commit().owner().applied(item.number());
      item.epoch().outstanding--;
      bytes += item.bytes();
    }
    if (bytes > 0) {
      applied.accept(bytes);
    }
    endEpochs();
  }

  /** Ends the thread after what was posted before, and waits for it. */
  void end() {
    post(() -> ended = true);
    Threads.joinUninterruptibly(thread);
  }

  /** Why nothing is done here any more, or null. */
  private @Nullable RuntimeException refusal() {
    try {
      RuntimeException failure = poison.get();
      return failure == null && gone
          ? new StorageException("the store is closed", null, false, Applied.NO)
          : failure;
    } catch (OutOfMemoryError e) {
      // Only a store that has failed or ended has something to say, and it had no room for it.
      return outOfMemory;
    }
  }

  /** On any thread, after the loop has ended. */
  private void refuseRest() {
    for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
      work.run();
    }
  }

  private <T extends @Nullable Object> void run(Request<T> request) {
    RuntimeException failure = refusal();
    if (failure != null) {
      request.fail(failure);
      return;
    }
    try {
      request.run();
    } catch (Throwable e) {
      endStore(e);
      request.fail(failed());
    }
  }

  /** What is answered behind {@link #endStore}. */
  private RuntimeException failed() {
    RuntimeException failure = refusal();
    return failure == null ? outOfMemory : failure;
  }

  /** Ends the store. If telling of it fails, for want of memory, the loop tells again. */
  private void endStore(Throwable cause) {
    untold = cause;
    try {
      poisoned.accept(cause);
      untold = null;
    } catch (OutOfMemoryError again) {
      // Remembered above.
    }
  }

  private void loop() {
    while (!ended) {
      boolean worked = false;
      boolean due = false;
      Throwable telling = untold;
      if (telling != null) {
        endStore(telling);
      }
      try {
        for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
          work.run();
          worked = true;
        }
        if (poison.get() == null) {
          due = isDue();
          if (due) {
            beginPass();
          }
          worked |= slices();
          settle();
          endFinishing();
        } else {
          refuse();
        }
      } catch (Throwable e) {
        endStore(e);
        worked = true;
      }
      if (!worked && !ended) {
        park(due);
      }
    }
    // First, and with nothing before it that could fail: from here on whoever posts is answered.
    gone = true;
    // Barriers that wait for applies which will not happen any more.
    RuntimeException closed = failed();
    epochs.forEach(epoch -> epoch.waiting.forEach(request -> request.fail(closed)));
    if (finishing != null && !finishing.succeeded()) {
      finishing.fail(closed);
    }
    refuseRest();
  }

  /**
   * Until something comes.
   *
   * @param due whether what has gathered was due: then it waits for a map, which is posted here
   */
  private void park(boolean due) {
    parked = true;
    if (inbox.isEmpty()) {
      if (untold != null) {
        LockSupport.parkNanos(this, GATHERING_NANOS);
      } else if (due || gatheredBytes == 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, GATHERING_NANOS - (System.nanoTime() - gatheredSince));
      }
    }
    parked = false;
  }

  private boolean isDue() {
    return gatheredBytes > 0
        && (urgent
            || gatheredBytes >= LOT_BYTES
            || System.nanoTime() - gatheredSince >= GATHERING_NANOS);
  }

  /** A shard that waits for its next map goes on with its own pass, and holds up no other. */
  private void beginPass() {
    boolean all = true;
    for (Shard shard : shards.values()) {
      all &= shard.beginPass();
    }
    if (all) {
      gatheredBytes = 0;
      urgent = false;
    }
  }

  private boolean slices() {
    boolean worked = false;
    boolean applies = false;
    boolean frees = false;
    boolean moves = false;
    for (int i = 0; i < turn.size() && !(applies && frees && moves); i++) {
      Shard shard = turn.removeFirst();
      turn.addLast(shard);
      shard.pages.forgetRead();
      if (!applies && !shard.isIdle()) {
        applies = shard.apply(SLICE_PAGES);
        worked |= applies;
      }
      if (!frees && finishing == null && shard.hasGraves()) {
        frees = shard.freeGraves(SLICE_PAGES);
        worked |= frees;
      }
      if (!moves && finishing == null && shard.isMoving() && shard.maps.hasRoom()) {
        shard.maps.move(SLICE_MOVES);
        moves = true;
        worked = true;
      }
    }
    return worked;
  }

  private void endEpochs() {
    while (epochs.getFirst().closed && epochs.getFirst().outstanding == 0) {
      Epoch ended = epochs.removeFirst();
      // First: what waits for the barrier may drop files that a shard would need which lags behind.
      shards.values().forEach(shard -> shard.complete(ended.number));
      ended.waiting.forEach(Request::run);
    }
  }

  /** Answers the barriers that will never end. */
  private void refuse() {
    RuntimeException failure = poison.get();
    if (failure == null) {
      return;
    }
    for (Epoch epoch : epochs) {
      epoch.waiting.forEach(request -> request.fail(failure));
      epoch.waiting.clear();
    }
    if (finishing != null && !finishing.succeeded()) {
      finishing.fail(failure);
    }
  }
}
