package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.jmh.baseline.GroupCommitLoop;
import java.nio.BufferOverflowException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bare loop loses nobody. */
@Timeout(60)
class GroupCommitLoopTest {
  @TempDir Path directory;

  @Test
  void records_areCountedWhenTheyAreSynced() throws Exception {
    try (GroupCommitLoop loop = new GroupCommitLoop(directory.resolve("loop"))) {
      Crowd.virtual(50, 1_000, caller -> loop.append(new byte[128]));

      assertThat(loop.appended()).isEqualTo(1_000);
    }
  }

  @Test
  void threadThatEnds_failsWhoWaitsAndWhoComes() throws Exception {
    try (GroupCommitLoop loop = new GroupCommitLoop(directory.resolve("loop"))) {
      // More than its buffer takes.
      assertThatThrownBy(() -> loop.append(new byte[9 << 20]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the group-commit loop has ended")
          .hasCauseInstanceOf(BufferOverflowException.class);
      assertThatThrownBy(() -> loop.append(new byte[1]))
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(BufferOverflowException.class);
      assertThat(loop.appended()).isZero();
    }
  }
}
