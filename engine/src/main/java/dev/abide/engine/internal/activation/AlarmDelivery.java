package dev.abide.engine.internal.activation;

import dev.abide.engine.Report;
import dev.abide.engine.internal.alarm.AlarmDoor;
import dev.abide.engine.internal.alarm.Flight;
import dev.abide.engine.internal.observe.Limit;

/** The way of alarms into the mailboxes of one engine. */
final class AlarmDelivery implements AlarmDoor {
  private final Engine engine;

  AlarmDelivery(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Delivery deliver(Flight flight) {
    HostedType<?> type = engine.hosted(flight.alarm.type());
    if (type == null) {
      return Delivery.NOT_HOSTED;
    }
    AlarmTurn turn = new AlarmTurn(flight);
    turn.completion = ended -> engine.alarms.ended(flight);
    ObjectTarget target = engine.target(type, flight.alarm.id());
    while (engine.mayInline()) {
      Activation activation = target.activation();
      switch (activation.acceptReserved(turn)) {
        case QUEUED, OWNED -> {
          return Delivery.ACCEPTED;
        }
        case RETIRED -> target.type.remove(activation);
        case FULL ->
            // As many turns as a word can count; none of them is an alarm's.
            Thread.yield();
      }
    }
    return Delivery.REFUSED;
  }

  @Override
  public void full() {
    engine.meter.met(Limit.ALARMS);
  }

  @Override
  public void report(String message, Throwable cause) {
    engine.reports.tell(new Report(Report.Kind.INTERNAL, "", "", message, cause));
  }
}
