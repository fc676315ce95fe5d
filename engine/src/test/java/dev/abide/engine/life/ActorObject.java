package dev.abide.engine.life;

import dev.abide.engine.Alarm;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.OnSleep;
import dev.abide.engine.OnWake;
import dev.abide.engine.ResetException;
import dev.abide.engine.SleepReason;
import dev.abide.engine.Slice;
import dev.abide.engine.StoredMap;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps beside each alarm what it knows of it, in the same commit, and compares in every turn. */
sealed class ActorObject implements Actor, OnWake, OnAlarm permits ActorObject.WithOnSleep {
  private final ObjectContext context;
  final Watch watch;
  private final Cell<Long> last;
  private final StoredMap<String, Long> map;
  private final StoredMap<String, Long> armed;
  private final StoredMap<String, Instant> due;
  private final StoredMap<String, Long> fired;
  private final StoredMap<String, Long> noted;
  private final StoredMap<String, Long> notes;

  /** What this instance believes to be the last: one that outlives a failed turn is wrong. */
  private long remembered;

  ActorObject(ObjectContext context) {
    this.context = context;
    this.watch = Watch.of(context.id());
    watch.enter(this, true);
    last = context.storage().cell("last", Long.class, 0L);
    map = context.storage().map("map", String.class, Long.class);
    armed = context.storage().map("armed", String.class, Long.class);
    due = context.storage().map("due", String.class, Instant.class);
    fired = context.storage().map("fired", String.class, Long.class);
    noted = context.storage().map("noted", String.class, Long.class);
    notes = context.storage().map("notes", String.class, Long.class);
    remembered = last.get();
    watch.leave();
  }

  @Override
  public void onWake() {
    watch.enter(this, false);
    consistent("");
    watch.leave();
  }

  @Override
  public long act(Op op) throws Boom {
    watch.enter(this, false);
    try {
      watch.begin(op.n());
      consistent("");
      run(op);
      return op.n();
    } finally {
      watch.leave();
    }
  }

  @Override
  public void send(Op op) {
    try {
      long _ = act(op);
    } catch (Boom boom) {
      throw new IllegalStateException(boom);
    }
  }

  @Override
  public void note(String from, long n) {
    watch.enter(this, false);
    long before = notes.get(from, 0L);
    if (n <= before) {
      watch.broken("operation " + n + " of " + from + " came after " + before);
    }
    notes.put(from, n);
    watch.leave();
  }

  @Override
  public ActorState state() {
    watch.enter(this, false);
    try {
      consistent("");
      return new ActorState(last.get(), all(map), all(armed), all(fired), all(noted), all(notes));
    } finally {
      watch.leave();
    }
  }

  @Override
  public void onAlarm(AlarmEvent alarm) throws Exception {
    watch.enter(this, false);
    try {
      String name = alarm.name();
      consistent(name);
      long n = armed.get(name, 0L);
      Instant now = context.clock().instant();
      if (n == 0) {
        watch.broken(alarm + " went off, and no committed turn had set it");
        return;
      }
      if (due.find(name).orElseThrow().isAfter(now)) {
        watch.broken(alarm + " went off at " + now + ", due " + due.find(name));
      }
      if (alarm.attempt() != 0 && n % 11 != 0) {
        watch.broken(alarm + " had not failed before");
      }
      armed.remove(name);
      due.remove(name);
      fired.put(name, n);
      if (n % 11 == 0 && alarm.attempt() < 2) {
        throw new IllegalStateException("meant: " + alarm);
      }
    } finally {
      watch.leave();
    }
  }

  private void run(Op op) throws Boom {
    switch (op.kind()) {
      case PUT, SEND_PUT -> put(op, op.key());
      case REMOVE -> {
        wrote(op);
        map.remove(op.key());
        map.remove(op.key() + "'");
      }
      case CLEAR -> {
        wrote(op);
        map.clear();
      }
      case THROW_WRITTEN, SEND_THROW -> {
        put(op, op.key());
        throw new Boom(op);
      }
      case THROW_UNWRITTEN -> throw new Boom(op);
      case ERROR -> {
        put(op, op.key());
        throw new Bang(op);
      }
      case COMMIT_THROW -> {
        put(op, op.key());
        context.commit();
        put(op, "never");
        throw new Boom(op);
      }
      case RESET -> {
        put(op, "never");
        throw new ResetException("meant: " + op);
      }
      case ARM, SEND_ARM -> arm(op);
      case ARM_THROW -> {
        arm(op);
        throw new Boom(op);
      }
      case CANCEL -> {
        wrote(op);
        boolean was = context.alarms().cancel(op.key());
        if (was != armed.contains(op.key())) {
          watch.broken("cancel of " + op.key() + " answered " + was);
        }
        armed.remove(op.key());
        due.remove(op.key());
      }
      case NOTE -> note(op);
      case NOTE_THROW -> {
        note(op);
        throw new Boom(op);
      }
      case DELETE_SELF -> {
        put(op, op.key());
        context.delete();
      }
      case DELETE, SLEEP, READ -> throw new AssertionError(op + " is not an actor's own");
    }
  }

  /** Two keys that no reader ever sees apart. */
  private void put(Op op, String key) {
    wrote(op);
    map.put(key, op.value());
    map.put(key + "'", op.value());
  }

  private void arm(Op op) {
    Instant at = context.clock().instant().plusMillis(op.value());
    wrote(op);
    context.alarms().set(op.key(), at);
    armed.put(op.key(), op.n());
    due.put(op.key(), at);
  }

  private void wrote(Op op) {
    last.set(op.n());
    remembered = op.n();
  }

  private void note(Op op) {
    wrote(op);
    context.get(Actor.class, op.key()).note(context.id(), op.n());
    noted.put(op.key(), op.n());
  }

  /** G4: what was written together is there together. The alarm that goes off is in between. */
  private void consistent(String running) {
    if (remembered != last.get()) {
      watch.broken("an instance remembers " + remembered + ", stored is " + last.get());
    }
    TreeSet<String> set = new TreeSet<>();
    for (Alarm alarm : context.alarms().all()) {
      set.add(alarm.name());
    }
    TreeSet<String> known = new TreeSet<>(armed.keys());
    set.remove(running);
    known.remove(running);
    if (!set.equals(known)) {
      watch.broken("alarms " + set + ", written down " + known);
    }
    map.stream()
        .filter(entry -> !entry.getKey().endsWith("'"))
        .forEach(entry -> {
          if (!entry.getValue().equals(map.get(entry.getKey() + "'", -1L))) {
            watch.broken("half of a turn: " + map.entries());
          }
        });
  }

  private static Map<String, Long> all(Slice<String, Long> slice) {
    Map<String, Long> all = new TreeMap<>();
    slice.entries().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  /** The engine puts these to sleep by a turn of their own, the others in between turns. */
  static final class WithOnSleep extends ActorObject implements OnSleep {
    WithOnSleep(ObjectContext context) {
      super(context);
    }

    @Override
    public void onSleep(SleepReason reason) {
      watch.enter(this, false);
      watch.leave();
    }
  }
}
