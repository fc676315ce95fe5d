package dev.abide.engine.internal.activation;

import dev.abide.engine.OnAlarm;
import dev.abide.engine.Report;
import dev.abide.engine.internal.alarm.Firing;
import dev.abide.engine.internal.alarm.Flight;
import dev.abide.engine.internal.observe.AlarmEvent;
import dev.abide.engine.internal.stored.StorageKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A turn that an alarm begins. It looks before it wakes anything. */
final class AlarmTurn extends EngineTurn {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  /** From this failure on each is reported: by then the alarm has been tried for a minute. */
  private static final int REPORTED_FROM = 6;

  private final Flight flight;
  private @Nullable Firing firing;
  private final AlarmEvent event = new AlarmEvent();

  AlarmTurn(Flight flight) {
    this.flight = flight;
  }

  @Override
  void run(Activation activation) throws Exception {
    Firing due = Firing.of(flight, activation.view(), now(activation));
    firing = due;
    if (due == null) {
      return;
    }
    activation.type.meter().alarms.increment();
    event.begin();
    if (event.isEnabled()) {
      // An alarm may be set for the beginning of all time, more milliseconds ago than a long holds:
      // this conversion stops at the greatest.
      event.latenessMs =
          TimeUnit.MILLISECONDS.convert(Duration.between(due.event().due(), now(activation)));
    }
    Object instance = activation.awake();
    if (!(instance instanceof OnAlarm hook)) {
      throw new IllegalStateException(
          "alarm \""
              + due.name()
              + "\" of "
              + activation
              + " is due, but "
              + instance.getClass().getName()
              + " has no OnAlarm; implement it, or cancel the alarm");
    }
    hook.onAlarm(due.event());
    // In the turn's last commit, which so is one even if the object wrote nothing.
    due.succeeded(activation.view(), now(activation), activation.lastOfStore());
    tellRecorder(activation, due, false);
  }

  private void tellRecorder(Activation activation, Firing due, boolean failed) {
    event.end();
    if (event.shouldCommit()) {
      event.objectType = activation.type.name();
      event.objectId = activation.id;
      event.name = due.name();
      event.attempt = due.event().attempt();
      event.failed = failed;
      event.commit();
    }
  }

  @Override
  void failed(Activation activation, Throwable failure) {
    Engine engine = activation.engine;
    Firing due = firing;
    if (!engine.mayInline()) {
      // The engine closes or has failed: the next one finds the alarm as it was.
      return;
    }
    int failures = due == null ? 0 : due.failures();
    activation.type.meter().failedAlarms.increment();
    if (due != null) {
      tellRecorder(activation, due, true);
    }
    try {
      if (due == null) {
        // Not even read.
        flight.keepBackOff(now(activation));
      } else if (due.failed(activation.view(), now(activation), activation.lastOfStore())) {
        activation.commitNow();
      } else {
        return;
      }
    } catch (RuntimeException | Error refused) {
      // Whatever keeps the failure from being committed, the drain goes on and the alarm is kept.
      activation.undo();
      flight.keepBackOff(now(activation));
      failure.addSuppressed(refused);
    }
    tell(activation, failures, failure);
  }

  private void tell(Activation activation, int failures, Throwable failure) {
    String message =
        "alarm \""
            + StorageKeys.alarmName(flight.alarm.key())
            + "\" of "
            + activation
            + " failed"
            + (failures == 0 ? "" : ", " + failures + " times so far,")
            + " and is tried again: "
            + failure;
    if (failures < REPORTED_FROM) {
      LOG.info(message);
      return;
    }
    activation.engine.gate.after(
        activation.seen(),
        () ->
            activation.engine.reports.tell(
                new Report(
                    Report.Kind.ALARM_FAILED,
                    activation.type.name(),
                    activation.id,
                    message,
                    failure)));
  }

  private static Instant now(Activation activation) {
    return activation.engine.options.clock().instant();
  }
}
