package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.ClosedException;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.Report;
import dev.abide.engine.SleepReason;
import dev.abide.engine.Storage;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.alarm.AlarmScheduler;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.observe.GateWaitEvent;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.socket.SocketRegistry;
import dev.abide.engine.internal.storage.StorageLimits;
import dev.abide.engine.internal.store.BesideMemory;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.MemoryState;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.Stub;
import dev.abide.engine.spi.TurnStack;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of one store: the table of activations, what opens and what ends them.
 *
 * <p>States, in this order: OPEN; CLOSING (chains that hold an object go on, all else is refused);
 * FAILED (no turn starts any more); CLOSED.
 */
public final class Engine {
  /** How old the last look at the clock may be. */
  private static final long LAST_NOW_NANOS = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");
  private static final int ID_BYTES_MAX = 1024;
  private static final int IDS_AT_ONCE = 256;

  /** See above. */
  enum State {
    OPEN,
    CLOSING,
    OVERDUE,
    FAILED,
    CLOSED
  }

  final ObjectStore store;
  final EngineOptions options;
  final SchemaRecords schemas;
  final boolean alternating;
  final EngineMeter meter = new EngineMeter();
  final StorageLimits limits;

  /** How many objects have an instance. */
  final AtomicInteger awake = new AtomicInteger();

  /** How many pieces of background work run. */
  final AtomicInteger works = new AtomicInteger();

  /** Counts the scanner's passes; how objects remember when they were used last. */
  volatile long tick;

  private final Map<Class<?>, HostedType<?>> types;
  final Scanner scanner;
  final AlarmScheduler alarms;
  final SocketRegistry sockets = new SocketRegistry(SocketDelivery.gate(this));
  private final Closing closing = new Closing(this);
  private final ThreadLocal<Accepted> accepted = ThreadLocal.withInitial(Accepted::new);
  private final ReentrantLock reporting = new ReentrantLock();
  volatile State state = State.OPEN;
  private volatile @Nullable Throwable failure;

  /** Whether the failure is the scanner's. Written before it, read after it. */
  private boolean scannerFailed;

  /** The clock's count at the last look. Racy: any of the last looks will do. */
  private long lastNow;

  private Engine(EngineOptions options, ObjectStore kept) {
    this.options = options;
    this.types = options.types();
    this.store = BesideMemory.of(kept, options.typesInMemory());
    this.schemas = new SchemaRecords(store);
    this.alternating = options.alternating();
    this.limits = options.limits(meter);
    this.scanner = new Scanner(this, types.values());
    this.alarms = new AlarmScheduler(store, options.clock(), new AlarmDelivery(this));
    scanner.start();
    alarms.start();
  }

  /** An engine over the files of a directory. */
  public static Engine open(Path directory, EngineOptions options) {
    FailureRelay relay = new FailureRelay(options.onReport());
    DiskStore store = DiskStore.open(directory, options.store(), relay, relay);
    try {
      return relay.connect(new Engine(options, store));
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** An engine over a store that is ready. */
  public static Engine over(ObjectStore store, EngineOptions options) {
    return new Engine(options, store);
  }

  /** An engine over memory of its own. */
  public static Engine inMemory(EngineOptions options) {
    return new Engine(options, new MemoryStore(new MemoryState()));
  }

  /** What the store tells of its failure, before and after there is an engine to tell. */
  private static final class FailureRelay
      implements Consumer<Throwable>, BiConsumer<String, @Nullable Throwable> {
    private @Nullable Engine engine;
    private @Nullable Throwable early;
    private final List<Report> notices = new ArrayList<>();
    private final @Nullable Consumer<? super Report> listener;

    FailureRelay(@Nullable Consumer<? super Report> listener) {
      this.listener = listener;
    }

    @Override
    public synchronized void accept(Throwable cause) {
      if (engine == null) {
        early = cause;
      } else {
        engine.storageFailed(cause);
      }
    }

    @Override
    public synchronized void accept(String notice, @Nullable Throwable cause) {
      Report.Kind kind =
          cause == null && engine == null ? Report.Kind.PROGRESS : Report.Kind.INTERNAL;
      Report report = new Report(kind, "", "", notice, cause);
      if (engine == null && cause == null) {
        // How far it has come is of use only while it is on its way.
        LOG.info(notice);
        if (listener != null) {
          listener.accept(report);
        }
      } else if (engine == null) {
        notices.add(report);
      } else {
        engine.reportLater(report);
      }
    }

    synchronized Engine connect(Engine opened) {
      engine = opened;
      notices.forEach(opened::reportLater);
      if (early != null) {
        opened.storageFailed(early);
      }
      return opened;
    }
  }

  // ---- stubs and what the public surface asks for

  /** A stub. */
  public <T> T stub(Class<T> type, String id) {
    HostedType<T> hosted = hosted(type);
    return hosted.descriptor().stub(target(hosted, id));
  }

  /** A hosted type, by its interface. */
  <T> HostedType<T> hosted(Class<T> type) {
    @SuppressWarnings("unchecked") // put there under its own class
    HostedType<T> hosted = (HostedType<T>) types.get(type);
    if (hosted == null) {
      throw new IllegalArgumentException(
          type.getName()
              + " is not hosted by this engine; add options.host("
              + type.getSimpleName()
              + ".class, ...) where it is opened");
    }
    return hosted;
  }

  /** A hosted type, by its name; null if there is none. */
  @Nullable HostedType<?> hosted(String name) {
    for (HostedType<?> type : types.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** All hosted types. */
  Collection<HostedType<?>> hosted() {
    return types.values();
  }

  /** The names of all hosted types, in their order. */
  List<String> hostedNames() {
    return types.values().stream().map(HostedType::name).sorted().toList();
  }

  ObjectTarget target(HostedType<?> type, String id) {
    try {
      checkId(id);
    } catch (IllegalArgumentException refused) {
      meter.met(Limit.ID);
      throw refused;
    }
    return new ObjectTarget(this, type, id);
  }

  /** The id behind a stub. */
  public static String idOf(Stub stub) {
    return ((ObjectTarget) stub.target()).id;
  }

  <S> S checked(S value, String what) {
    if (value instanceof Stub stub
        && stub.target() instanceof ObjectTarget target
        && target.engine == this) {
      return value;
    }
    throw new IllegalArgumentException(
        what
            + " is "
            + (value instanceof Stub
                ? "a stub of another engine"
                : "an instance of " + value.getClass().getName() + ", not a stub")
            + "; between objects only stubs of the same engine may pass. An object's own stub is"
            + " context.get(type, context.id())");
  }

  private static void checkId(String id) {
    int bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(id)).remaining();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the id has an unpaired surrogate, so it has no UTF-8 form; ids are well-formed text of 1"
              + " to "
              + ID_BYTES_MAX
              + " bytes",
          e);
    }
    if (bytes < 1 || bytes > ID_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the id has " + bytes + " bytes in UTF-8; an id has 1 to " + ID_BYTES_MAX);
    }
  }

  /** Existing objects of a type. */
  public Stream<String> ids(Class<?> type, String prefix) {
    String name = hosted(type).name();
    Spliterators.AbstractSpliterator<String> pages =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE,
            java.util.Spliterator.ORDERED
                | java.util.Spliterator.DISTINCT
                | java.util.Spliterator.NONNULL) {
          private List<String> page = List.of();
          private int next;
          private @Nullable String last;

          @Override
          public boolean tryAdvance(Consumer<? super String> action) {
            if (next == page.size()) {
              page = store.ids(name, prefix, last, IDS_AT_ONCE);
              next = 0;
              if (page.isEmpty()) {
                return false;
              }
              last = page.getLast();
            }
            action.accept(page.get(next++));
            return true;
          }
        };
    return StreamSupport.stream(pages, false);
  }

  /** Deletes an object. */
  public boolean delete(Class<?> type, String id) {
    EngineTurn.Delete turn = new EngineTurn.Delete();
    Calls.call(target(hosted(type), id), turn);
    return turn.existed;
  }

  /** Puts an object to sleep. */
  public void sleep(Class<?> type, String id) {
    HostedType<?> hosted = hosted(type);
    ObjectTarget target = target(hosted, id);
    long expiresAt = now() + EngineOptions.nanos(options.queueWaitMax());
    while (hosted.activations().containsKey(id)) {
      EngineTurn.Sleep turn = new EngineTurn.Sleep(SleepReason.ASKED);
      Calls.call(target, turn);
      if (turn.busy == null) {
        return;
      }
      // Not in the mailbox: what is waited for may want to enter the object.
      if (!turn.busy.awaitIdle(expiresAt)) {
        throw new DeadlineException(
            "background work of "
                + target.type()
                + "/"
                + id
                + " did not end within "
                + options.queueWaitMax()
                + ", as long as queueWaitMax allows; the object is awake",
            null,
            true,
            Applied.NO);
      }
    }
  }

  /** Waits for the calling thread's one-way calls and for all that is committed. */
  public void awaitDurable() {
    if (inTurn()) {
      throw new IllegalStateException(
          "Abide.awaitDurable was called in a turn, which might wait for itself; use"
              + " ObjectContext.awaitDurable there");
    }
    accepted.get().awaitNone();
    sync(new Seen(store.last(), 0));
  }

  /** Copies the directory. */
  public void backup(Path to) {
    if (inTurn()) {
      throw new IllegalStateException(
          "Abide.backup was called in a turn, which would hold its object until all is copied; call"
              + " it from outside");
    }
    if (state != State.OPEN) {
      throw refusal();
    }
    store.backup(to);
  }

  /** Shows what an object had. */
  public <R> R at(
      Class<?> type, String id, Instant when, Function<? super Storage, ? extends R> look) {
    ObjectTarget target = target(hosted(type), id);
    refuseUnlessOpen(target.type, null);
    ObjectName name = store.name(target.type(), id);
    List<Entry> entries = store.past(name, when, Runtime.getRuntime().maxMemory() / 8);
    return PastLook.look(name, entries, limits, look);
  }

  /** Whether the calling thread is in a turn of this engine. */
  boolean inTurn() {
    TurnStack stack = TurnStack.current();
    for (int place = 0; place < stack.depth; place++) {
      if (((Activation) stack.at(place)).engine == this) {
        return true;
      }
    }
    return false;
  }

  /** Whether calls are served. */
  public boolean ready() {
    return state == State.OPEN && store.ready();
  }

  Accepted accepted() {
    return accepted.get();
  }

  /** The clock's count; once the engine has failed the last one known, for the clock may be why. */
  long now() {
    if (failure != null) {
      return lastNow;
    }
    long now = options.clock().nanoTime();
    // Written now and then only: a line that all callers write is dear to each of them.
    if (now - lastNow > LAST_NOW_NANOS) {
      lastNow = now;
    }
    return now;
  }

  /**
   * Waits until what has been seen may leave.
   *
   * @param more whether what it answers for is more than that commit: earlier ones, and calls. That
   *     the last one was never written says nothing of those then
   */
  void gate(Seen seen, boolean more) {
    gate(seen.durable(), seen.written(), more);
  }

  /** The same. */
  void gate(long durable, long written, boolean more) {
    try {
      gate(durable, written);
    } catch (StorageException failed) {
      if (more) {
        Access.get().unsure(failed);
      }
      throw failed;
    }
  }

  /** Waits until the one is durable and the other written. */
  void gate(Seen seen) {
    gate(seen.durable(), seen.written());
  }

  private void gate(long durable, long written) {
    boolean syncs = durable > store.durable();
    // What is durable is written: of an object that syncs all it has seen this asks nothing.
    boolean writes = written > durable && written > store.written();
    if (!syncs && !writes) {
      return;
    }
    GateWaitEvent event = new GateWaitEvent();
    event.begin();
    long began = System.nanoTime();
    try {
      if (syncs) {
        store.awaitDurable(durable);
      }
      if (writes) {
        store.awaitWritten(written);
      }
    } finally {
      meter.gate.add(System.nanoTime() - began);
      event.end();
      if (event.shouldCommit()) {
        event.number = Math.max(durable, written);
        event.commit();
      }
    }
  }

  /** Waits until both are durable, whatever level they have. */
  void sync(Seen seen) {
    long newest = Math.max(seen.durable(), seen.written());
    if (newest > store.durable()) {
      store.sync(newest);
    }
  }

  // ---- turns

  /** Refuses a call that may not be accepted any more; {@code outer} is the turn that makes it. */
  void refuseUnlessOpen(HostedType<?> type, @Nullable Activation outer) {
    State now = state;
    if (now != State.OPEN && !(now == State.CLOSING && outer != null && outer.engine == this)) {
      type.meter().refused(Refused.CLOSED);
      throw refusal();
    }
  }

  /** Refuses a turn that was accepted and is about to start. */
  void admit(QueuedTurn turn) {
    if (!mayRun(turn)) {
      throw refusal();
    }
  }

  private RuntimeException refusal() {
    Throwable cause = failure;
    if (cause != null && scannerFailed) {
      return new ClosedException(
          "the engine has stopped because the thread that keeps its times failed; the call has not"
              + " run. Open the engine anew: "
              + cause,
          cause,
          false,
          Applied.NO);
    }
    if (cause != null) {
      return new StorageException(
          "the engine has stopped because its storage failed; the call has not run. Open the engine"
              + " anew: "
              + cause.getMessage(),
          cause,
          false,
          Applied.NO);
    }
    return new ClosedException(
        "the engine is closed or closing; the call has not run", null, true, Applied.NO);
  }

  /** The completion of a one-way call. */
  void oneWayEnded(ObjectTarget target, QueuedTurn turn) {
    Throwable outcome = turn.cancelled() ? turn.refusal() : turn.failure;
    if (outcome == null) {
      return;
    }
    String method = ((Call) turn).method().name();
    afterGate(
        turn.cancelled() ? Seen.NOTHING : new Seen(turn.commit, turn.written),
        () ->
            report(
                new Report(
                    Report.Kind.ONE_WAY_FAILED,
                    target.type(),
                    target.id,
                    "the one-way call " + target.type() + "." + method + " failed: " + outcome,
                    outcome)));
  }

  /**
   * Runs the work on a fresh virtual thread, once the commit is durable; never if it never is: the
   * failure of the journal has a report of its own.
   */
  void afterGate(Seen seen, Runnable work) {
    afterGate(seen, false, failure -> {}, work);
  }

  /**
   * Runs one of the two on a fresh virtual thread, when it is known whether the commit is durable.
   */
  void afterGate(Seen seen, boolean more, Consumer<Throwable> gateFailed, Runnable work) {
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            gate(seen, more);
          } catch (StorageException failed) {
            gateFailed.accept(failed);
            return;
          }
          work.run();
        });
  }

  // ---- scanner

  void watch(Activation activation) {
    scanner.watch(activation);
  }

  void checkAwake() {
    if (awake.get() > options.awakeMax()) {
      scanner.wakeUp();
    }
  }

  /** One pass of the scanner, at once, on this thread: for clocks that are moved by hand. */
  public void scan() {
    scanner.pass();
  }

  /** Returns when all alarms that are due have run: for clocks that are moved by hand. */
  public void settleAlarms() {
    alarms.settle();
  }

  /** Whether nothing runs, waits or is on its way to disk, and how many turns there were. */
  public boolean quiet() {
    long before = turnsIfIdle();
    if (before < 0) {
      return false;
    }
    store.awaitApplied();
    return alarms.quiet() && sockets.waiting() == 0 && before == turnsIfIdle();
  }

  private long turnsIfIdle() {
    long turns = 0;
    for (HostedType<?> type : types.values()) {
      for (Activation activation : type.activations().values()) {
        if (activation.length() != 0) {
          return -1;
        }
        turns += activation.turns();
      }
    }
    return turns;
  }

  // ---- the end

  /** Tells the listener, one report at a time. */
  void report(Report report) {
    Consumer<? super Report> listener = options.onReport();
    if (listener == null) {
      LOG.warn("{}: {}", report.kind(), report.message(), report.cause());
      return;
    }
    reporting.lock();
    try {
      listener.accept(report);
    } catch (RuntimeException | Error e) {
      LOG.error("the report listener threw at: {}", report.message(), e);
    } finally {
      reporting.unlock();
    }
  }

  /** The journal or the store failed: no turn starts any more. */
  public void storageFailed(Throwable cause) {
    stop(
        cause,
        Report.Kind.STORAGE_FAILED,
        "storage failed and the engine has stopped; open it anew: " + cause.getMessage());
  }

  /** The scanner met what it cannot go on after: no turn starts any more. */
  void scannerFailed(Throwable cause) {
    if (failure == null) {
      scannerFailed = true;
      stop(
          cause,
          Report.Kind.SCANNER_FAILED,
          "the thread that keeps the engine's times failed and the engine has stopped; open it anew: "
              + cause);
    }
  }

  private void stop(Throwable cause, Report.Kind kind, String message) {
    failure = cause;
    if (state != State.CLOSED) {
      state = State.FAILED;
    }
    barAll();
    alarms.stop();
    sockets.end(1011, "the server cannot go on");
    scanner.wakeUp();
    reportLater(new Report(kind, "", "", message, cause));
  }

  /** For threads that must not wait for the listener. */
  private void reportLater(Report report) {
    var _ = Thread.startVirtualThread(() -> report(report));
  }

  /** The exception that a queued turn gets now if it may not run any more, or null. */
  @Nullable Throwable refusalOf(QueuedTurn turn) {
    return mayRun(turn) ? null : refusal();
  }

  /** While it closes, an engine runs what chains that hold an object call, and tells instances. */
  private boolean mayRun(QueuedTurn turn) {
    State now = state;
    return now == State.OPEN
        || (now == State.CLOSING
            && (turn.parent != null
                || (turn instanceof EngineTurn.Sleep sleep && sleep.reason == SleepReason.CLOSE)));
  }

  /** Closes; see {@code Abide.close}. */
  public void close() {
    closing.close();
  }

  private void barAll() {
    forEach(Activation::bar);
  }

  void forEach(Consumer<Activation> action) {
    for (HostedType<?> type : types.values()) {
      type.activations().values().forEach(action);
    }
  }

  /** Stops as a killed process would: nothing is finished, nothing more is kept. For tests. */
  public void crash() {
    failure = new IllegalStateException("the engine was crashed by its test");
    state = State.FAILED;
    barAll();
    alarms.stop();
    scanner.stop();
    forEach(activation -> scanner.sweep(activation, now()));
    forEach(Activation::interruptTurn);
  }

  boolean mayInline() {
    return state == State.OPEN;
  }

  /** Throws any Throwable as if it were unchecked. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <X extends Throwable> X sneaky(Throwable failure) throws X {
    throw (X) Objects.requireNonNull(failure);
  }
}
