package dev.abide.engine.internal.activation;

import dev.abide.engine.internal.observe.CommitMeter;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.internal.observe.TimeMeter;
import dev.abide.engine.internal.observe.TypeMeter;
import dev.abide.engine.spi.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** The series of one engine. */
public final class EngineMetrics implements Metrics {
  private final EngineMeter meter;
  private final List<Series> series = new ArrayList<>();

  /** For {@link Metrics#of}. */
  public EngineMetrics(Engine engine) {
    this.meter = engine.meter;
    engine.hosted().forEach(this::ofType);
    ofEngine(engine);
  }

  @Override
  public List<Series> series() {
    return List.copyOf(series);
  }

  @Override
  public void timeTurns() {
    meter.timing = true;
  }

  private void ofType(HostedType<?> type) {
    Map<String, String> labels = Map.of("type", type.name());
    TypeMeter of = type.meter();
    counter(
        "abide.calls",
        "Calls whose turn began",
        labels,
        () -> of.calls(() -> sum(type, Activation::turns)));
    counter(
        "abide.turns",
        "Turns that began: calls, alarms, sleeps, deletions, entered background work",
        labels,
        () -> of.turns(() -> sum(type, Activation::turns)));
    counter(
        "abide.turns.failed", "Turns that ended with an exception", labels, of.failedTurns::sum);
    timer("abide.turn", "Time that turns took, without their wait at the gate", labels, of.turn);
    timer("abide.queue", "Time that turns waited in mailboxes", labels, of.queue);
    for (Refused reason : Refused.values()) {
      counter(
          "abide.calls.refused",
          "Calls that were refused or left, by reason",
          Map.of("type", type.name(), "reason", reason.label()),
          () -> of.count(reason));
    }
    gauge(
        "abide.mailbox.turns",
        "Turns in mailboxes, running ones included",
        labels,
        () -> sum(type, Activation::length));
    gauge(
        "abide.mailbox.longest",
        "Turns in the fullest mailbox, the running one included",
        labels,
        () -> longest(type));
    gauge(
        "abide.awake",
        "Objects awake",
        labels,
        () -> sum(type, activation -> activation.hasInstance() ? 1 : 0));
    counter("abide.wakes", "Wakes that went well", labels, of.wakes::sum);
    counter(
        "abide.wakes.failed",
        "Wakes in which the constructor or onWake threw",
        labels,
        of.failedWakes::sum);
    counter("abide.sleeps", "Instances that were let go", labels, of.sleeps::sum);
    counter(
        "abide.resets",
        "Instances that were thrown away after a failed turn",
        labels,
        of.resets::sum);
    counter("abide.alarms", "Turns of alarms", labels, of.alarms::sum);
    counter("abide.alarms.failed", "Turns of alarms that failed", labels, of.failedAlarms::sum);
  }

  private void ofEngine(Engine engine) {
    CommitMeter commits = engine.store.meter();
    counter("abide.commits", "Commits", Map.of(), commits::commits);
    counter("abide.commit.bytes", "Bytes of commits in the journal", Map.of(), commits::bytes);
    timer("abide.fsync", "Syncs of the journal", Map.of(), commits.syncs());
    timer("abide.gate", "Time that replies waited for the disk", Map.of(), meter.gate);
    gauge("abide.background", "Pieces of background work that run", Map.of(), engine.works::get);
    gauge("abide.stages", "Stages of calls that are open", Map.of(), engine.stages::get);
    gauge("abide.sockets", "Clients plugged in", Map.of(), engine.sockets::count);
    for (Limit limit : Limit.values()) {
      counter(
          "abide.limits",
          "How often a bound was met",
          Map.of("limit", limit.label()),
          limit == Limit.RETENTION ? commits::droppedForSpace : () -> meter.count(limit));
    }
  }

  private static long sum(HostedType<?> type, ToLongFunction<Activation> what) {
    return type.activations().values().stream().mapToLong(what).sum();
  }

  private static long longest(HostedType<?> type) {
    return type.activations().values().stream().mapToLong(Activation::length).max().orElse(0);
  }

  private void counter(String name, String help, Map<String, String> labels, LongSupplier value) {
    series.add(new Series(name, Kind.COUNTER, help, labels, value, () -> 0));
  }

  private void gauge(String name, String help, Map<String, String> labels, LongSupplier value) {
    series.add(new Series(name, Kind.GAUGE, help, labels, value, () -> 0));
  }

  private void timer(String name, String help, Map<String, String> labels, TimeMeter times) {
    series.add(new Series(name, Kind.TIMER, help, labels, times::count, times::nanos));
  }
}
