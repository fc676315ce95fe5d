package dev.abide.engine.life;

import java.util.SplittableRandom;

/**
 * One operation on an actor: a function of seed, actor and number, so that who finds a state can
 * tell what led to it.
 *
 * @param n its number, which grows along an actor's history
 * @param kind what it does
 * @param key a map's key, an alarm's name or a ledger's id
 * @param value what is put, or after how many milliseconds the alarm is due
 */
public record Op(long n, Kind kind, String key, long value) {
  /** What an operation does. */
  public enum Kind {
    PUT(10),
    SEND_PUT(8),
    REMOVE(3),
    CLEAR(1),
    THROW_WRITTEN(2),
    THROW_UNWRITTEN(1),
    SEND_THROW(2),
    ERROR(1),
    COMMIT_THROW(2),
    RESET(1),
    ARM(6),
    SEND_ARM(3),
    ARM_THROW(2),
    CANCEL(2),
    NOTE(3),
    NOTE_THROW(1),
    DELETE_SELF(1),
    DELETE(1),
    SLEEP(2),
    READ(5);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    boolean oneWay() {
      return this == SEND_PUT || this == SEND_THROW || this == SEND_ARM;
    }
  }

  static Op of(long seed, int actor, long n) {
    SplittableRandom random =
        new SplittableRandom(seed + 0x9E3779B97F4A7C15L * actor + 0xD1B54A32D192ED03L * n);
    Kind kind = kind(random);
    String key =
        switch (kind) {
          case ARM, SEND_ARM, ARM_THROW, CANCEL -> "alarm-" + random.nextInt(4);
          case NOTE, NOTE_THROW -> "ledger-" + random.nextInt(3);
          default -> "key-" + random.nextInt(6);
        };
    return new Op(n, kind, key, random.nextInt(8_000));
  }

  private static Kind kind(SplittableRandom random) {
    int total = 0;
    for (Kind kind : Kind.values()) {
      total += kind.weight;
    }
    int at = random.nextInt(total);
    for (Kind kind : Kind.values()) {
      at -= kind.weight;
      if (at < 0) {
        return kind;
      }
    }
    throw new AssertionError("the weights sum up to " + total);
  }
}
