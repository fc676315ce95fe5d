package dev.abide.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.annotations.DurableObject;
import dev.abide.engine.Abide;
import dev.abide.engine.spi.Metrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AbideMetersTest {
  /** Something to call. */
  @DurableObject("bell")
  interface Bell {
    /** Rings. */
    int ring();
  }

  private final Abide abide = Abide.inMemory(options -> options.host(Bell.class, _ -> () -> 1));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    abide.close();
  }

  @Test
  void meters_sayWhatTheEngineCounts_afterAGarbageCollectionToo() {
    new AbideMeters(abide).bindTo(registry);
    for (int n = 0; n < 7; n++) {
      abide.get(Bell.class, "a").ring();
    }
    System.gc();

    assertThat(registry.get("abide.calls").tag("type", "bell").functionCounter().count())
        .isEqualTo(7);
    assertThat(registry.get("abide.awake").tag("type", "bell").gauge().value()).isEqualTo(1);
    assertThat(registry.get("abide.turn").tag("type", "bell").functionTimer().count()).isEqualTo(7);
    assertThat(
            registry
                .get("abide.turn")
                .tag("type", "bell")
                .functionTimer()
                .totalTime(TimeUnit.NANOSECONDS))
        .isPositive();
  }

  @Test
  void everySeries_hasAMeterOfItsKind() {
    new AbideMeters(abide).bindTo(registry);

    assertThat(registry.getMeters()).hasSize(Metrics.of(abide).series().size());
    for (Metrics.Series series : Metrics.of(abide).series()) {
      Meter meter = registry.get(series.name()).meter();
      assertThat(meter.getId().getDescription()).isEqualTo(series.help());
      assertThat(meter.getId().getType())
          .isEqualTo(
              switch (series.kind()) {
                case COUNTER -> Meter.Type.COUNTER;
                case GAUGE -> Meter.Type.GAUGE;
                case TIMER -> Meter.Type.TIMER;
              });
    }
  }
}
