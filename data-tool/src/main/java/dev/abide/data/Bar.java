package dev.abide.data;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far long work has come, on the error output; on a terminal only, so that logs and pipes stay
 * clean. Any thread may tell it.
 */
final class Bar implements AutoCloseable {
  private static final int REFRESH_MS = 200;

  private final @Nullable ProgressBar bar;

  /**
   * @param what what is being done
   * @param all how much there is to do, -1 if nobody knows yet
   */
  Bar(String what, long all) {
    this(what, all, Terminal.isErrorOutput());
  }

  /** Of work that prints line by line what it finds: only where the bar has its lines alone. */
  static Bar ofPrinting(String what, long all) {
    return new Bar(what, all, Terminal.isErrorOutput() && !Terminal.sharesLines());
  }

  private Bar(String what, long all, boolean shown) {
    bar =
        shown
            ? new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(all)
                .setUpdateIntervalMillis(REFRESH_MS)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  void reached(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  void reached(long done, long all) {
    if (bar != null) {
      bar.maxHint(all);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
