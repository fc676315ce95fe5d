package dev.abide.engine.internal.activation;

import dev.abide.engine.Abide;
import dev.abide.engine.ContextCarrier;
import dev.abide.engine.Durability;
import dev.abide.engine.EngineClock;
import dev.abide.engine.ObjectFactory;
import dev.abide.engine.Report;
import dev.abide.engine.internal.mailbox.Mailbox;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.observe.TypeMeter;
import dev.abide.engine.internal.storage.StorageLimits;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.spi.Descriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an engine is opened with, checked at the door. */
public final class EngineOptions implements Abide.Options {
  /** A type as it was handed in; options that it does not set are the engine's. */
  private record Hosting<T>(
      Descriptor<T> descriptor, ObjectFactory<? extends T> factory, OwnOptions own) {}

  private static final class OwnOptions implements Abide.TypeOptions {
    @Nullable Duration idleTimeout;
    @Nullable Integer mailboxMax;
    @Nullable Duration deadline;
    @Nullable Boolean inline;
    @Nullable Duration longTurn;
    @Nullable Durability durability;

    @Override
    public Abide.TypeOptions durability(Durability level) {
      durability = level;
      return this;
    }

    @Override
    public Abide.TypeOptions idleTimeout(Duration timeout) {
      idleTimeout = notNegative("idleTimeout", timeout);
      return this;
    }

    @Override
    public Abide.TypeOptions mailboxMax(int turns) {
      mailboxMax = mailbox(turns);
      return this;
    }

    @Override
    public Abide.TypeOptions deadline(Duration time) {
      deadline = positive("deadline", time);
      return this;
    }

    @Override
    public Abide.TypeOptions longTurn(Duration time) {
      longTurn = notNegative("longTurn", time);
      return this;
    }

    @Override
    public Abide.TypeOptions inline(boolean allowed) {
      inline = allowed;
      return this;
    }
  }

  private final Map<Class<?>, Hosting<?>> hostings = new LinkedHashMap<>();
  private Duration idleTimeout = Duration.ofSeconds(10);
  private int awakeMax = 100_000;
  private int mailboxMax = 10_000;
  private Duration queueWaitMax = Duration.ofSeconds(60);
  private Duration longTurn = Duration.ofSeconds(10);
  private Duration longWait = Duration.ofSeconds(10);
  private Duration closeTimeout = Duration.ofSeconds(10);
  private long turnBytesMax = 64L << 20;
  private int valueBytesMax = 32 << 20;
  private Duration retention = Duration.ofHours(24);
  private long retentionBytes = 1L << 30;
  private boolean inline = true;
  private boolean keepShards = true;
  private Durability durability = Durability.SYNC;
  private EngineClock clock = EngineClock.system();
  private @Nullable Consumer<? super Report> onReport;
  private final List<ContextCarrier<?>> carriers = new ArrayList<>();
  private boolean alternating;

  private EngineOptions() {}

  /** The options that the function sets. */
  public static EngineOptions of(Consumer<? super Abide.Options> configure) {
    EngineOptions options = new EngineOptions();
    configure.accept(options);
    if (options.turnBytesMax < options.valueBytesMax) {
      throw new IllegalArgumentException(
          "turnBytesMax is "
              + options.turnBytesMax
              + ", less than valueBytesMax, which is "
              + options.valueBytesMax
              + "; a turn must be able to write the largest value");
    }
    return options;
  }

  @Override
  public <T> Abide.Options host(Class<T> type, ObjectFactory<? extends T> factory) {
    return host(type, factory, own -> {});
  }

  @Override
  public <T> Abide.Options host(
      Class<T> type,
      ObjectFactory<? extends T> factory,
      Consumer<? super Abide.TypeOptions> options) {
    Descriptor<T> descriptor = Descriptors.of(type);
    for (Hosting<?> other : hostings.values()) {
      if (other.descriptor().name().equals(descriptor.name())) {
        throw new IllegalArgumentException(
            "the name \""
                + descriptor.name()
                + "\" is hosted twice, by "
                + other.descriptor().type().getName()
                + " and by "
                + type.getName()
                + "; give each @DurableObject a name of its own, and host each type once");
      }
    }
    OwnOptions own = new OwnOptions();
    options.accept(own);
    hostings.put(type, new Hosting<>(descriptor, factory, own));
    return this;
  }

  @Override
  public Abide.Options idleTimeout(Duration timeout) {
    idleTimeout = notNegative("idleTimeout", timeout);
    return this;
  }

  @Override
  public Abide.Options awakeMax(int objects) {
    awakeMax = atLeastOne("awakeMax", objects);
    return this;
  }

  @Override
  public Abide.Options mailboxMax(int turns) {
    mailboxMax = mailbox(turns);
    return this;
  }

  @Override
  public Abide.Options queueWaitMax(Duration wait) {
    queueWaitMax = positive("queueWaitMax", wait);
    return this;
  }

  @Override
  public Abide.Options closeTimeout(Duration grace) {
    closeTimeout = notNegative("closeTimeout", grace);
    return this;
  }

  @Override
  public Abide.Options turnBytesMax(long bytes) {
    if (bytes < 1 || bytes > 1L << 30) {
      throw new IllegalArgumentException(
          "turnBytesMax is " + bytes + "; it must be 1 to " + (1L << 30));
    }
    turnBytesMax = bytes;
    return this;
  }

  @Override
  public Abide.Options valueBytesMax(int bytes) {
    valueBytesMax = atLeastOne("valueBytesMax", bytes);
    return this;
  }

  @Override
  public Abide.Options inline(boolean allowed) {
    inline = allowed;
    return this;
  }

  @Override
  public Abide.Options durability(Durability level) {
    durability = level;
    return this;
  }

  @Override
  public Abide.Options keepShardsAfterKill(boolean kept) {
    keepShards = kept;
    return this;
  }

  @Override
  public Abide.Options retention(Duration time, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "the bytes of retention are " + bytes + "; they must not be negative");
    }
    retention = notNegative("retention", time);
    retentionBytes = bytes;
    return this;
  }

  @Override
  public Abide.Options longTurn(Duration time) {
    longTurn = notNegative("longTurn", time);
    return this;
  }

  @Override
  public Abide.Options longWait(Duration time) {
    longWait = notNegative("longWait", time);
    return this;
  }

  @Override
  public Abide.Options carry(ContextCarrier<?> carrier) {
    carriers.add(carrier);
    return this;
  }

  @Override
  public Abide.Options clock(EngineClock clock) {
    this.clock = clock;
    return this;
  }

  @Override
  public Abide.Options onReport(Consumer<? super Report> listener) {
    onReport = listener;
    return this;
  }

  /** Lets every second call be queued, so that tests notice what works inline only. */
  public void alternate() {
    alternating = true;
  }

  boolean alternating() {
    return alternating;
  }

  int awakeMax() {
    return awakeMax;
  }

  Duration queueWaitMax() {
    return queueWaitMax;
  }

  Duration longWait() {
    return longWait;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  /** The engine's clock. */
  public EngineClock clock() {
    return clock;
  }

  StoreOptions store() {
    return StoreOptions.of(queueWaitMax, retention, retentionBytes, keepShards);
  }

  StorageLimits limits(EngineMeter meter) {
    return new StorageLimits(turnBytesMax, valueBytesMax, meter);
  }

  /** Null if nothing is carried. */
  @Nullable Carriers carriers() {
    return Carriers.of(carriers);
  }

  @Nullable Consumer<? super Report> onReport() {
    return onReport;
  }

  /** The hosted types, ready for an engine. */
  Map<Class<?>, HostedType<?>> types() {
    Map<Class<?>, HostedType<?>> types = new LinkedHashMap<>();
    hostings.forEach((type, hosting) -> types.put(type, hosted(hosting)));
    return types;
  }

  private Durability level(OwnOptions own) {
    return own.durability == null ? durability : own.durability;
  }

  /** The names of hosted types whose objects are in memory only. */
  Set<String> typesInMemory() {
    return hostings.values().stream()
        .filter(hosting -> level(hosting.own()) == Durability.MEMORY)
        .map(hosting -> hosting.descriptor().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  private <T> HostedType<T> hosted(Hosting<T> hosting) {
    OwnOptions own = hosting.own();
    Duration idle = own.idleTimeout == null ? idleTimeout : own.idleTimeout;
    boolean mayInline = own.inline == null ? inline : own.inline;
    long deadline = own.deadline == null ? 0 : nanos(own.deadline);
    return new HostedType<>(
        hosting.descriptor(),
        hosting.factory(),
        nanos(idle),
        own.mailboxMax == null ? mailboxMax : own.mailboxMax,
        deadline,
        mayInline && deadline == 0 && !hosting.descriptor().compute(),
        hosting.descriptor().compute(),
        nanos(own.longTurn == null ? longTurn : own.longTurn),
        level(own),
        new ConcurrentHashMap<>(),
        new TypeMeter());
  }

  /** Nanoseconds; a time too long for a long, 292 years, is that. */
  static long nanos(Duration time) {
    return time.compareTo(Duration.ofNanos(Long.MAX_VALUE / 4)) >= 0
        ? Long.MAX_VALUE / 4
        : time.toNanos();
  }

  private static int mailbox(int turns) {
    if (turns < 1 || turns > Mailbox.LENGTH_MAX) {
      throw new IllegalArgumentException(
          "mailboxMax is " + turns + "; it must be 1 to " + Mailbox.LENGTH_MAX);
    }
    return turns;
  }

  private static int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is " + value + "; it must be 1 or more");
    }
    return value;
  }

  private static Duration notNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + " is " + value + "; it must not be negative");
    }
    return value;
  }

  private static Duration positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(what + " is " + value + "; it must be positive");
    }
    return value;
  }
}
