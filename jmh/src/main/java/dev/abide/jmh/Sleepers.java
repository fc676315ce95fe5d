package dev.abide.jmh;

import dev.abide.engine.Abide;

/** Objects that have one stored, to be put to sleep and woken. */
final class Sleepers {
  private static final int CALLERS = 1_000;

  private final Abide abide;
  private final String[] ids;

  /** Stores one to each of this many objects; a multiple of a thousand. */
  Sleepers(Abide abide, String prefix, int count) throws InterruptedException {
    this.abide = abide;
    ids = new String[count];
    for (int n = 0; n < count; n++) {
      ids[n] = prefix + n;
    }
    if (count == 0) {
      return;
    }
    int[] next = new int[CALLERS];
    Crowd.virtualUntimed(
        CALLERS,
        count,
        caller -> {
          String id = ids[caller + CALLERS * next[caller]];
          next[caller]++;
          Crowd.verify("stored", abide.get(Tally.class, id).store(1), 1);
        });
  }

  int size() {
    return ids.length;
  }

  /** Returns when the object is asleep. */
  void sleep(int object) {
    abide.sleep(Tally.class, ids[object]);
  }

  /** Calls an object, and is told what it must be told. */
  void call(int object) {
    Crowd.verify("stored", abide.get(Tally.class, ids[object]).stored(), 1);
  }

  /** A crowd puts objects to sleep, from one on, each caller its own; never timed. */
  void sleepAll(int callers, int from, int count) throws InterruptedException {
    Crowd.virtualUntimed(callers, count, each(callers, from, this::sleep));
  }

  /** A crowd calls objects, each caller its own. */
  void callAll(int callers, int from, int count) throws InterruptedException {
    Crowd.virtual(callers, count, each(callers, from, this::call));
  }

  /** The calling thread calls objects, from one on. */
  void callByOne(int from, int count) throws Exception {
    Crowd.alone(count, each(1, from, this::call));
  }

  /** A crowd puts objects to sleep and calls them, each caller its own. */
  void sleepAndCallAll(int callers, int from, int count) throws InterruptedException {
    Crowd.virtual(
        callers,
        count,
        each(
            callers,
            from,
            object -> {
              sleep(object);
              call(object);
            }));
  }

  private interface Step {
    void of(int object);
  }

  private Crowd.Call each(int callers, int from, Step step) {
    int[] made = new int[callers];
    return caller -> {
      // Callers take turns, so no two have the same object.
      int object = (from + caller + callers * made[caller]) % ids.length;
      made[caller]++;
      step.of(object);
    };
  }
}
