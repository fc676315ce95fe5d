package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TimeLineTest {
  /** Of 2026. */
  private static final long BEGIN = 1_795_800_000_000L;

  private static ByteBuffer encoded(TimeLine times) {
    return ByteBuffer.wrap(times.encoded());
  }

  /** A commit each millisecond for hours: as much as a segment's worth of runs would have. */
  @Test
  void aBusyDayTakesNoMoreThanItsBound_andInstantsLeadALittleBack() {
    TimeLine times = new TimeLine();
    int milliseconds = 40_000_000;
    for (int n = 1; n <= milliseconds; n++) {
      times.add(BEGIN + n, n);
    }
    assertThat(times.last()).isEqualTo(BEGIN + milliseconds);
    ByteBuffer all = encoded(times);
    assertThat(all.remaining()).isBetween(TimeLine.BYTES_MAX / 4, TimeLine.BYTES_MAX);
    int grain = 128;
    for (int n = 1; n <= milliseconds; n += 1_234_567) {
      TimeLine.Found found = TimeLine.find(all.duplicate(), BEGIN + n);
      assertThat(found.number()).isBetween((long) n - grain, (long) n);
      assertThat(found.time()).isLessThanOrEqualTo(BEGIN + n);
      assertThat(TimeLine.timeOf(all.duplicate(), n)).isBetween(BEGIN + n, BEGIN + n + grain);
    }
    assertThat(TimeLine.find(all.duplicate(), Long.MAX_VALUE))
        .isEqualTo(new TimeLine.Found(milliseconds, BEGIN + milliseconds, 0));
  }

  @Test
  void aMergeOfLongOnesIsBoundedToo() {
    TimeLine merged = new TimeLine();
    long number = 0;
    for (int run = 0; run < 4; run++) {
      TimeLine times = new TimeLine();
      for (int n = 0; n < 1_000_000; n++) {
        number++;
        times.add(BEGIN + number, number);
      }
      merged.addAll(encoded(times));
    }
    assertThat(encoded(merged).remaining()).isLessThanOrEqualTo(TimeLine.BYTES_MAX);
    assertThat(TimeLine.find(encoded(merged), BEGIN + number).number()).isEqualTo(number);
  }

  @Test
  void aFewAreKeptToTheMillisecond() {
    TimeLine times = new TimeLine();
    times.add(BEGIN, 3);
    times.add(BEGIN, 7);
    times.add(BEGIN + 1, 8);
    times.add(BEGIN + 5, 9);
    ByteBuffer all = encoded(times);
    assertThat(TimeLine.find(all.duplicate(), BEGIN - 1))
        .isEqualTo(new TimeLine.Found(0, 0, BEGIN));
    assertThat(TimeLine.find(all.duplicate(), BEGIN))
        .isEqualTo(new TimeLine.Found(7, BEGIN, BEGIN + 1));
    assertThat(TimeLine.find(all.duplicate(), BEGIN + 4))
        .isEqualTo(new TimeLine.Found(8, BEGIN + 1, BEGIN + 5));
    assertThat(TimeLine.timeOf(all.duplicate(), 4)).isEqualTo(BEGIN);
  }
}
