package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.Report;
import dev.abide.engine.SleepReason;
import dev.abide.engine.Storage;
import dev.abide.engine.internal.alarm.AlarmScheduler;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.observe.Limit;
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
import dev.abide.engine.spi.Stub;
import dev.abide.engine.spi.TurnStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one store: the table of activations, what opens and what ends them.
 *
 * <p>States, in this order: OPEN; BARRING (no inline turn begins any more); at a close CLOSING
 * (chains that hold an object go on, all else is refused) and OVERDUE (nothing is taken any more);
 * at a failure FAILED (no turn starts any more); CLOSED.
 */
public final class Engine {
  /** What sockets are told when the engine has failed. */
  static final String CANNOT_GO_ON = "the server cannot go on";

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Engine.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How old the last look at the clock may be. */
  private static final long LAST_NOW_NANOS = 1_000_000;

  /** See above. */
  enum State {
    OPEN,
    BARRING,
    CLOSING,
    OVERDUE,
    FAILED,
    CLOSED;

    /** Whether every turn that is offered is taken and runs. */
    boolean takesAll() {
      return this == OPEN || this == BARRING;
    }
  }

  final ObjectStore store;
  final EngineOptions options;
  final long queueWaitNanos;
  final SchemaRecords schemas;
  final boolean alternating;
  final EngineMeter meter = new EngineMeter();
  final StorageLimits limits;
  final Gate gate;

  /** Where turns run that are heavy on the processor. */
  final ComputePool compute = new ComputePool(Runtime.getRuntime().availableProcessors());

  /** What travels with calls, or null. */
  final @Nullable Carriers carriers;

  final Reports reports;

  /** How many objects have an instance. */
  final AtomicInteger awake = new AtomicInteger();

  /** How many pieces of background work run. */
  final AtomicInteger works = new AtomicInteger();

  /** How many stages that turns have returned are open. */
  final AtomicInteger stages = new AtomicInteger();

  /** Counts the scanner's passes; how objects remember when they were used last. */
  volatile long tick;

  private final Map<Class<?>, HostedType<?>> types;
  final Watchdog watchdog;
  final Scanner scanner;
  final AlarmScheduler alarms;
  final SocketRegistry sockets = new SocketRegistry(SocketDelivery.gate(this));
  private final Closing closing = new Closing(this);
  private final ThreadLocal<Accepted> accepted = ThreadLocal.withInitial(Accepted::new);

  /** Close and a failure may meet: changed by {@link #moves} only, and by close to CLOSED. */
  volatile State state = State.OPEN;

  volatile @Nullable Throwable failure;

  /** Whether the failure is the scanner's. Written before it, read after it. */
  boolean scannerFailed;

  /** Whether all has been done that follows a failure. Two that fail at once may both do it. */
  private volatile boolean stopped;

  /** The clock's count at the last look. Racy: any of the last looks will do. */
  private long lastNow;

  private Engine(EngineOptions options, ObjectStore kept) {
    this.options = options;
    this.queueWaitNanos = EngineOptions.nanos(options.queueWaitMax());
    this.types = options.types();
    this.store = BesideMemory.of(kept, options.typesInMemory());
    this.schemas = new SchemaRecords(store, () -> StackRoom.require(TurnStack.current()));
    this.alternating = options.alternating();
    this.limits = options.limits(meter);
    this.carriers = options.carriers();
    this.gate = new Gate(store, meter.gate);
    this.reports = new Reports(gate, options.onReport());
    this.watchdog = new Watchdog(this, EngineOptions.nanos(options.longWait()));
    this.scanner = new Scanner(this, types.values());
    this.alarms = new AlarmScheduler(store, options.clock(), new AlarmDelivery(this));
    scanner.start();
    alarms.start();
  }

  /** An engine over the files of a directory. */
  public static Engine open(Path directory, EngineOptions options) {
    FailureRelay relay = new FailureRelay(options.onReport());
    DiskStore store =
        DiskStore.open(directory, options.store().saying(relay::progress), relay, relay);
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
      ObjectIds.check(id);
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

  /** Existing objects of a type. */
  public Stream<String> ids(Class<?> type, String prefix) {
    return ObjectIds.of(store, hosted(type).name(), prefix);
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
    long most = now() + queueWaitNanos;
    DeadlineScope scope = TurnStack.current().scope;
    long expiresAt = scope == null ? most : scope.earlier(this, most);
    for (Activation known = hosted.activations().get(id);
        known != null && !Calls.sleptHere(known);
        known = hosted.activations().get(id)) {
      EngineTurn.Sleep turn = new EngineTurn.Sleep(SleepReason.ASKED);
      Calls.call(target, turn);
      if (turn.busy == null) {
        return;
      }
      // Not in the mailbox: what is waited for may want to enter the object.
      if (!turn.busy.awaitIdle(expiresAt)) {
        throw new DeadlineException(
            "background work or a stage of "
                + target.type()
                + "/"
                + id
                + " did not end "
                + (expiresAt == most
                    ? "within " + options.queueWaitMax() + ", as long as queueWaitMax allows"
                    : "before the deadline of the scope")
                + "; the object is awake",
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
    gate.sync(new Seen(store.last(), 0));
  }

  /** Copies the directory. */
  public void backup(Path to) {
    if (inTurn()) {
      throw new IllegalStateException(
          "Abide.backup was called in a turn, which would hold its object until all is copied; call"
              + " it from outside");
    }
    if (state != State.OPEN) {
      throw Refusals.refusal(this);
    }
    store.backup(to);
  }

  /** Shows what an object had. */
  public <R> R at(
      Class<?> type, String id, Instant when, Function<? super Storage, ? extends R> look) {
    ObjectTarget target = target(hosted(type), id);
    Refusals.refuseUnlessOpen(target, null);
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

  // ---- scanner

  void watch(Activation activation) {
    scanner.watch(activation);
  }

  void checkAwake() {
    if (awake.get() > options.awakeMax()) {
      scanner.woke();
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

  /** The journal or the store failed: no turn starts any more. */
  public void storageFailed(Throwable cause) {
    stop(
        cause,
        Report.Kind.STORAGE_FAILED,
        "storage failed and the engine has stopped; open it anew: ",
        cause.getMessage());
  }

  /** The scanner met what it cannot go on after: no turn starts any more. */
  void scannerFailed(Throwable cause) {
    if (failure == null || (scannerFailed && !stopped)) {
      scannerFailed = true;
      stop(
          cause,
          Report.Kind.SCANNER_FAILED,
          "the thread that keeps the engine's times failed and the engine has stopped; open it"
              + " anew: ",
          cause);
    }
  }

  /** May end for want of memory, and is called again then. */
  private void stop(Throwable cause, Report.Kind kind, String what, @Nullable Object why) {
    // No turn starts any more: that needs no memory, and so comes before what is said of it.
    failure = cause;
    fail();
    alarms.stop();
    sockets.end(1011, CANNOT_GO_ON);
    scanner.wakeUp();
    reports.tellLater(new Report(kind, "", "", what + why, cause));
    stopped = true;
  }

  /** Closes; see {@code Abide.close}. */
  public void close() {
    closing.close();
  }

  /** Changes the state, if it is what the caller takes it for. */
  boolean moves(State from, State to) {
    return STATE.compareAndSet(this, from, to);
  }

  /**
   * No turn starts any more. Inline turns are barred first, as at a close: else a call could run
   * here whose caller's earlier one-way call has just been refused (G2).
   */
  private void fail() {
    // If close is on its way, it has barred all.
    var _ = moves(State.OPEN, State.BARRING);
    try {
      forEach(Activation::bar);
    } finally {
      State seen;
      do {
        seen = state;
      } while (seen != State.CLOSED && !moves(seen, State.FAILED));
    }
  }

  void forEach(Consumer<Activation> action) {
    for (HostedType<?> type : types.values()) {
      type.activations().values().forEach(action);
    }
  }

  /** Stops as a killed process would: nothing is finished, nothing more is kept. For tests. */
  public void crash() {
    failure = new IllegalStateException("the engine was crashed by its test");
    fail();
    alarms.stop();
    scanner.stop();
    forEach(activation -> scanner.sweep(activation, now()));
    forEach(activation -> activation.endStages(Letting.STOPPED));
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
