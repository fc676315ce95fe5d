package dev.abide.engine.life;

import dev.abide.engine.ResetException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What must have become of one actor. Alarms go off when they like: either side is allowed. */
final class ActorModel {
  private long last;
  private final Map<String, Long> map = new TreeMap<>();
  private final Map<String, Long> noted = new TreeMap<>();
  private final Map<String, Long> armed = new TreeMap<>();

  /** Every setting since the last deletion, which may have gone off before it was set again. */
  private final Map<String, Set<Long>> everArmed = new HashMap<>();

  /** Begins with what is there. */
  static ActorModel of(ActorState state) {
    ActorModel model = new ActorModel();
    model.last = state.last();
    model.map.putAll(state.map());
    model.noted.putAll(state.noted());
    model.armed.putAll(state.armed());
    state.armed().forEach(model::everArmed);
    state.fired().forEach(model::everArmed);
    return model;
  }

  private void everArmed(String name, long n) {
    everArmed.computeIfAbsent(name, _ -> new HashSet<>()).add(n);
  }

  boolean exists() {
    return last != 0;
  }

  /** How a call that is answered fails; null if it does not. */
  static @Nullable Class<? extends Throwable> failure(Op.Kind kind) {
    return switch (kind) {
      case THROW_WRITTEN, THROW_UNWRITTEN, COMMIT_THROW, ARM_THROW, NOTE_THROW -> Actor.Boom.class;
      case ERROR -> Actor.Bang.class;
      case RESET -> ResetException.class;
      default -> null;
    };
  }

  void apply(Op op) {
    switch (op.kind()) {
      case PUT, SEND_PUT, COMMIT_THROW -> {
        last = op.n();
        map.put(op.key(), op.value());
        map.put(op.key() + "'", op.value());
      }
      case REMOVE -> {
        last = op.n();
        map.remove(op.key());
        map.remove(op.key() + "'");
      }
      case CLEAR -> {
        last = op.n();
        map.clear();
      }
      case ARM, SEND_ARM -> {
        last = op.n();
        armed.put(op.key(), op.n());
        everArmed(op.key(), op.n());
      }
      case CANCEL -> {
        last = op.n();
        armed.remove(op.key());
      }
      case NOTE -> {
        last = op.n();
        noted.put(op.key(), op.n());
      }
      case DELETE, DELETE_SELF -> {
        last = 0;
        map.clear();
        noted.clear();
        armed.clear();
        everArmed.clear();
      }
      case THROW_WRITTEN,
          THROW_UNWRITTEN,
          SEND_THROW,
          ERROR,
          RESET,
          ARM_THROW,
          NOTE_THROW,
          SLEEP,
          READ -> {
        // Leaves nothing behind.
      }
    }
  }

  /** Null if this is a state that the model allows, else what is wrong with it. */
  @Nullable String differs(ActorState state) {
    if (state.last() != last || !state.map().equals(map) || !state.noted().equals(noted)) {
      return state + ", but the model has last " + last + ", map " + map + ", noted " + noted;
    }
    for (Map.Entry<String, Long> alarm : armed.entrySet()) {
      Long there = state.armed().get(alarm.getKey());
      Long gone = state.fired().get(alarm.getKey());
      boolean allowed =
          there == null ? alarm.getValue().equals(gone) : there.equals(alarm.getValue());
      if (!allowed) {
        return state + " has lost the alarm " + alarm;
      }
    }
    if (!armed.keySet().containsAll(state.armed().keySet())) {
      return state + " has more alarms than " + armed;
    }
    for (Map.Entry<String, Long> alarm : state.fired().entrySet()) {
      if (!everArmed.getOrDefault(alarm.getKey(), Set.of()).contains(alarm.getValue())) {
        return state + ": the alarm " + alarm + " went off, and was never set";
      }
    }
    return null;
  }
}
