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

  @Override
  public synchronized void accept(String notice, @Nullable Throwable cause) {
    Report.Kind kind =
        cause == null && engine == null ? Report.Kind.PROGRESS : Report.Kind.INTERNAL;
    Report report = new Report(kind, "", "", notice, cause);
    if (engine == null && cause == null) {
      // How far it has come is of use only while it is on its way.
      LOG.info(notice);
      if (listener != null) {
        listener.accept(report);
      }
    } else if (engine == null) {
      notices.add(report);
    } else {
      engine.reports.tellLater(report);
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
