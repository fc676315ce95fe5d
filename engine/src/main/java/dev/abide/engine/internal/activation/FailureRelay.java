package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store tells of its failure, before and after there is an engine to tell. */
final class FailureRelay implements Consumer<Throwable>, BiConsumer<String, @Nullable Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  private @Nullable Engine engine;
  private @Nullable Throwable early;
  private final List<Report> notices = new ArrayList<>();
  private final @Nullable Consumer<? super Report> listener;

  FailureRelay(@Nullable Consumer<? super Report> listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void accept(Throwable cause) {
    if (engine == null) {
      early = cause;
    } else {
      engine.storageFailed(cause);
    }
  }

  /** How far a long open has come, which is of use only while it is on its way. */
  void progress(String soFar) {
    LOG.info(soFar);
    tell(new Report(Report.Kind.PROGRESS, "", "", soFar, null));
  }

  @Override
  public synchronized void accept(String notice, @Nullable Throwable cause) {
    Report report = new Report(Report.Kind.INTERNAL, "", "", notice, cause);
    if (engine == null) {
      notices.add(report);
    } else {
      engine.reports.tellLater(report);
    }
  }

  private void tell(Report report) {
    if (listener == null) {
      return;
    }
    try {
      listener.accept(report);
    } catch (RuntimeException | Error e) {
      // An open that is on its way is not to end with it.
      LOG.error("the report listener threw at: {}", report.message(), e);
    }
  }

  synchronized Engine connect(Engine opened) {
    engine = opened;
    notices.forEach(opened.reports::tellLater);
    if (early != null) {
      opened.storageFailed(early);
    }
    return opened;
  }
}
