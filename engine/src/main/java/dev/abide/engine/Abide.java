package dev.abide.engine;

import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.DeadlineScope;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.spi.Stub;
import dev.abide.engine.spi.TurnStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An engine: the durable objects of one directory, or of one stretch of memory.
 *
 * <p>Threading: safe for all threads. Durability: what a call returned was synced to disk before it
 * returned; in memory nothing is kept.
 *
 * <p>Errors: all that Abide itself throws is an {@link AbideException}, or an {@link
 * IllegalArgumentException} or {@link IllegalStateException} for a use that can never succeed.
 */
public final class Abide implements AutoCloseable {
  static {
    Access.set(
        new Access() {
          @Override
          public Engine engine(Abide abide) {
            return abide.engine;
          }

          @Override
          public Abide abide(Engine engine) {
            return new Abide(engine);
          }

          @Override
          public boolean crossed(AbideException exception) {
            return exception.crossed();
          }

          @Override
          public <E extends AbideException> E cross(E exception) {
            exception.cross();
            return exception;
          }

          @Override
          public void unsure(AbideException exception) {
            exception.unsure();
          }
        });
  }

  private final Engine engine;

  private Abide(Engine engine) {
    this.engine = engine;
  }

  /**
   * Opens the objects in a directory, which is made if it is not there.
   *
   * @param directory where journal and store lie; nobody else may have it open
   * @param configure says which types the engine hosts, and sets options
   * @throws DirectoryInUseException if another engine has the directory open
   * @throws StorageException if the directory cannot be read or written, is damaged, or was written
   *     by a newer release
   * @throws IllegalStateException if the JVM lacks flags that the store needs; the message has the
   *     line to add
   */
  public static Abide open(Path directory, Consumer<? super Options> configure) {
    return new Abide(Engine.open(directory, EngineOptions.of(configure)));
  }

  /**
   * An engine that keeps its objects in memory, with the same semantics: for tests, and for state
   * that need not outlive the process. Needs no JVM flag.
   *
   * @param configure says which types the engine hosts, and sets options
   */
  public static Abide inMemory(Consumer<? super Options> configure) {
    return new Abide(Engine.inMemory(EngineOptions.of(configure)));
  }

  /**
   * A stub. Wakes and creates nothing.
   *
   * @param type a hosted interface
   * @param id 1 to 1,024 bytes of well-formed UTF-8, taken as they are
   * @throws IllegalArgumentException if the type is not hosted or the id is not allowed
   */
  public <T> T get(Class<T> type, String id) {
    return engine.stub(type, id);
  }

  /**
   * The id of the object that a stub speaks to.
   *
   * @throws IllegalArgumentException if it is not a stub
   */
  public static String idOf(Object stub) {
    if (stub instanceof Stub generated) {
      return Engine.idOf(generated);
    }
    throw new IllegalArgumentException(
        "an instance of "
            + stub.getClass().getName()
            + " is not a stub; stubs come from Abide.get and ObjectContext.get");
  }

  /**
   * The ids of all existing objects of the type, asleep ones included, in UTF-8 order. See {@link
   * #ids(Class, String)}.
   */
  public Stream<String> ids(Class<?> type) {
    return engine.ids(type, "");
  }

  /**
   * The ids of existing objects that begin with the prefix, asleep ones included, in UTF-8 order;
   * read as they are taken. An object exists while it has stored entries. All that was durable at
   * the call is seen; later changes may be. Close the stream.
   */
  public Stream<String> ids(Class<?> type, String prefix) {
    return engine.ids(type, prefix);
  }

  /**
   * Deletes all that the object has; runs as a turn in its mailbox and returns when the deletion is
   * durable.
   *
   * @return whether there was anything
   * @throws CallCycleException in a turn that this object waits for
   */
  public boolean delete(Class<?> type, String id) {
    return engine.delete(type, id);
  }

  /**
   * Puts the object to sleep; runs as a turn in its mailbox. Does nothing if it sleeps.
   *
   * @throws CallCycleException in a turn that this object waits for
   */
  public void sleep(Class<?> type, String id) {
    engine.sleep(type, id);
  }

  /**
   * Gives the calls that this thread makes in the scope one deadline altogether, and the calls of
   * the turns that they begin; in a turn or out of one. Such calls are queued, never inline. An
   * earlier deadline goes on to hold. One-way calls are not bound.
   *
   * @throws DeadlineException out of a call, when its deadline passes: {@code NO} if it had not
   *     run, else {@code UNKNOWN}, and its turn is interrupted
   * @throws IllegalArgumentException if the deadline is not positive
   */
  public static <R, X extends Exception> R within(Duration deadline, Calls<R, X> calls) throws X {
    TurnStack stack = TurnStack.current();
    DeadlineScope outer = stack.scope;
    stack.scope = DeadlineScope.begin(stack, deadline);
    try {
      return calls.call();
    } finally {
      stack.scope = outer;
    }
  }

  /** As {@link #within(Duration, Calls)}, without a result. */
  public static <X extends Exception> void within(Duration deadline, Steps<X> steps) throws X {
    TurnStack stack = TurnStack.current();
    DeadlineScope outer = stack.scope;
    stack.scope = DeadlineScope.begin(stack, deadline);
    try {
      steps.run();
    } finally {
      stack.scope = outer;
    }
  }

  /**
   * Returns when the one-way calls that this thread made have run, and all that was committed
   * before is durable.
   *
   * @throws IllegalStateException in a turn; see {@link ObjectContext#awaitDurable}
   * @throws StorageException if the journal failed
   */
  public void awaitDurable() {
    engine.awaitDurable();
  }

  /**
   * Copies all objects to another directory, while calls run. What was durable at the call is in
   * it, and perhaps some of what came later, up to one commit. A second backup to the same
   * directory copies only what the first one lacks, and removes what is no longer needed; until it
   * is complete the directory is the first one. A backup is not opened but restored, with {@code
   * ./abide data restore}. Waits; from a platform or virtual thread, one backup after the other.
   *
   * @param to an empty directory, made if it is not there, or one with an earlier backup of this
   *     one
   * @throws StorageException if the target holds something else, cannot be written, or a file is
   *     damaged; the target is then what it was before
   * @throws DirectoryInUseException if another backup is being written there
   * @throws IllegalStateException in a turn, or if the engine keeps its objects in memory
   */
  public void backup(Path to) {
    engine.backup(to);
  }

  /**
   * Shows what an object had stored after the last commit at or before an instant, by the calendar
   * of the machine that the journal was written on; as far back as {@link Options#retention} says.
   * Wakes nothing, waits for no turn of the object, and reads its whole state into memory.
   *
   * @param look given the storage, to read only and only until it returns
   * @throws IllegalArgumentException if the state at the instant was dropped, or is larger than an
   *     eighth of the heap
   * @throws IllegalStateException if the engine keeps its objects in memory
   * @throws StorageException if the files cannot be read
   */
  public <R> R at(
      Class<?> type, String id, Instant when, Function<? super Storage, ? extends R> look) {
    return engine.at(type, id, when, look);
  }

  /** Whether calls are served: false once the journal or the store failed, or close began. */
  public boolean ready() {
    return engine.ready();
  }

  /**
   * Refuses what is queued and what comes, lets chains of calls that hold an object finish for at
   * most {@code closeTimeout}, then interrupts them; then writes and syncs everything and gives the
   * directory back. If a turn still runs then, that is reported, and the directory stays locked
   * until it ends. Idempotent.
   *
   * @throws IllegalStateException in a turn
   */
  @Override
  public void close() {
    engine.close();
  }

  /** What an engine is opened with. Used in the function given to {@code open} only. */
  public interface Options {
    /** Hosts a type: calls to its objects run on instances that the factory makes. */
    <T> Options host(Class<T> type, ObjectFactory<? extends T> factory);

    /** Hosts a type with options of its own. */
    <T> Options host(
        Class<T> type, ObjectFactory<? extends T> factory, Consumer<? super TypeOptions> options);

    /** What commits survive before anything that depends on them leaves; {@code SYNC}. */
    Options durability(Durability level);

    /** How long an object stays awake after its last turn; 10 s. Zero: no longer than the turn. */
    Options idleTimeout(Duration timeout);

    /** How many objects may be awake; over it, idle ones sleep, longest idle first. 100,000. */
    Options awakeMax(int objects);

    /** How many turns may wait for one object, the running one included; 10,000. */
    Options mailboxMax(int turns);

    /** How long a call may wait in a mailbox; 60 s. */
    Options queueWaitMax(Duration wait);

    /** The grace that {@code close} gives to running chains; 10 s. */
    Options closeTimeout(Duration grace);

    /** How many bytes a turn may write before its commit; 64 MiB. */
    Options turnBytesMax(long bytes);

    /** How many bytes one encoded value may have; 32 MiB. */
    Options valueBytesMax(int bytes);

    /**
     * How far back every state of the journal can be restored; 24 hours, but no more than 1 GiB of
     * files for it. At that size less far.
     */
    Options retention(Duration time, long bytes);

    /**
     * Whether the next open after a kill takes the store's maps as they are where they are whole,
     * and rebuilds only the others; true. Without it, and after a loss of power, all are rebuilt.
     */
    Options keepShardsAfterKill(boolean kept);

    /** Whether a call to an idle object may run on its caller's own thread; true. */
    Options inline(boolean allowed);

    /**
     * How long a turn may run before that is reported, with where its thread stands; 10 s. Zero:
     * never. A turn that waits in a call is spoken of by {@link #longWait}.
     */
    Options longTurn(Duration time);

    /**
     * How long a turn may wait in a call, a call in a mailbox, or a reply for the disk, before that
     * is reported, with who waits for whom, and behind what; 10 s. Zero: never.
     */
    Options longWait(Duration time);

    /**
     * Carries something from the threads of callers into turns, by queued calls, one-way calls,
     * calls that return stages, and background work; a turn that runs on its caller's own thread
     * has it there. Alarms and messages of sockets begin with nothing. May be said more than once.
     */
    Options carry(ContextCarrier<?> carrier);

    /** The clock of idle times, bounds and deadlines. */
    Options clock(EngineClock clock);

    /**
     * Told of what no caller is told; called on engine threads one at a time. By default it is
     * logged.
     */
    Options onReport(Consumer<? super Report> listener);
  }

  /** Options of one hosted type; what is not set is as the engine has it. */
  public interface TypeOptions {
    /**
     * What commits of the type's objects survive before anything that depends on them leaves. A
     * reply that depends on commits of several levels waits for each as its own level says.
     */
    TypeOptions durability(Durability level);

    /** As {@link Options#idleTimeout}. */
    TypeOptions idleTimeout(Duration timeout);

    /** As {@link Options#mailboxMax}. */
    TypeOptions mailboxMax(int turns);

    /** A deadline for calls of methods that declare none; such calls are always queued. */
    TypeOptions deadline(Duration deadline);

    /** As {@link Options#longTurn}. */
    TypeOptions longTurn(Duration time);

    /** As {@link Options#inline}. */
    TypeOptions inline(boolean allowed);
  }
}
