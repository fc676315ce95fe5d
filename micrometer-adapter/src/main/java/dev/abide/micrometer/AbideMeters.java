package dev.abide.micrometer;

import dev.abide.engine.Abide;
import dev.abide.engine.spi.Metrics;
import dev.abide.engine.spi.Metrics.Series;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;

/**
 * Binds what an engine counts to a registry: {@code new AbideMeters(abide).bindTo(registry)}. The
 * meters are read when the registry is; nothing is written to them in between.
 *
 * <p>Binding begins to time turns, which costs every call two looks at a clock.
 *
 * <p>Threading: any thread. A registry has room for one engine: bind a second one to a registry
 * with a common tag that tells them apart.
 */
public final class AbideMeters implements MeterBinder {
  private final Metrics metrics;

  /** The meters of an engine. */
  public AbideMeters(Abide abide) {
    this.metrics = Metrics.of(abide);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    metrics.timeTurns();
    metrics.series().forEach(series -> register(series, registry));
  }

  private static void register(Series series, MeterRegistry registry) {
    Tags tags =
        Tags.of(
            series.labels().entrySet().stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()))
                .toList());
    // A registry holds what a meter reads weakly, but its function strongly; so the series is in
    // both.
    switch (series.kind()) {
      case COUNTER ->
          FunctionCounter.builder(series.name(), series, same -> series.value().getAsLong())
              .description(series.help())
              .tags(tags)
              .register(registry);
      case GAUGE ->
          Gauge.builder(series.name(), series, same -> series.value().getAsLong())
              .description(series.help())
              .tags(tags)
              .register(registry);
      case TIMER ->
          FunctionTimer.builder(
                  series.name(),
                  series,
                  same -> series.value().getAsLong(),
                  same -> series.nanos().getAsLong(),
                  TimeUnit.NANOSECONDS)
              .description(series.help())
              .tags(tags)
              .register(registry);
    }
  }
}
