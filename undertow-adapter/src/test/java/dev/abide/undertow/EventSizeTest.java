package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.ServerEvent;
import dev.abide.engine.spi.Frame;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** G11: what waits for a listener of events takes no more than it counts. */
class EventSizeTest {
  @Test
  void eventOfAnyLines_isNoLongerThanWhatItCounts() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 1_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(200); n > 0; n--) {
        text.append("\n\r\n\naé€".charAt(random.nextInt(7)));
      }
      Frame frame = Frame.of(ServerEvent.of(7, text.toString()));
      ByteArrayOutputStream written = new ByteArrayOutputStream();

      EventWire.write(frame, written);

      assertThat(written.size()).as("seed %d, round %d", seed, round).isLessThan(frame.cost());
    }
  }
}
