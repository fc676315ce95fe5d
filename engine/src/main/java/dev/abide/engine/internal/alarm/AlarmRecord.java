package dev.abide.engine.internal.alarm;

import dev.abide.engine.internal.store.AlarmIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * An alarm as its object stores it: the head that the index reads, the time that it was set for,
 * attempts, schedule. The form is final; the kinds of schedule may become more.
 *
 * @param due when it goes off next, retries included
 * @param setNumber tells this setting of the alarm from every other
 * @param setFor the time that the attempts are for
 * @param attempt how often it has failed
 */
record AlarmRecord(Instant due, long setNumber, Instant setFor, int attempt, Schedule schedule) {
  private static final byte ONCE = 0;
  private static final byte EVERY = 1;
  private static final byte CRON = 2;
  private static final int HEAD_BYTES = 12 + 8 + 12 + 4 + 1;

  /** An alarm that has not gone off yet. */
  static AlarmRecord fresh(Instant due, long setNumber, Schedule schedule) {
    return new AlarmRecord(due, setNumber, due, 0, schedule);
  }

  /** The same alarm after a failure. */
  AlarmRecord retried(Instant at, long newNumber, int failures) {
    return new AlarmRecord(at, newNumber, setFor, failures, schedule);
  }

  byte[] encode() {
    return switch (schedule) {
      case Schedule.Once once -> head(ONCE, 0).array();
      case Schedule.Every(Duration period) ->
          head(EVERY, 12).putLong(period.getSeconds()).putInt(period.getNano()).array();
      case Schedule.Cron(String expression, ZoneId zone) -> {
        byte[] cron = expression.getBytes(StandardCharsets.UTF_8);
        byte[] id = zone.getId().getBytes(StandardCharsets.UTF_8);
        yield head(CRON, 4 + cron.length + id.length)
            .putShort((short) cron.length)
            .put(cron)
            .putShort((short) id.length)
            .put(id)
            .array();
      }
    };
  }

  private ByteBuffer head(byte kind, int more) {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + more);
    AlarmIndex.putHead(bytes, due, setNumber);
    return AlarmIndex.putTime(bytes, setFor).putInt(attempt).put(kind);
  }

  static AlarmRecord decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    Instant due = AlarmIndex.time(bytes);
    long setNumber = bytes.getLong();
    Instant setFor = AlarmIndex.time(bytes);
    int attempt = bytes.getInt();
    byte kind = bytes.get();
    Schedule schedule =
        switch (kind) {
          case ONCE -> Schedule.Once.ONCE;
          case EVERY -> new Schedule.Every(Duration.ofSeconds(bytes.getLong(), bytes.getInt()));
          case CRON -> new Schedule.Cron(text(bytes), ZoneId.of(text(bytes)));
          default ->
              throw new IllegalStateException(
                  "an alarm has a schedule of kind "
                      + kind
                      + ", which a newer release wrote; open the directory with that release");
        };
    return new AlarmRecord(due, setNumber, setFor, attempt, schedule);
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[Short.toUnsignedInt(bytes.getShort())];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
