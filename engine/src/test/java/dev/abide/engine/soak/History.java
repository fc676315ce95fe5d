package dev.abide.engine.soak;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one who calls has issued to one object, and what may have become of it there. Of one thread
 * at a time.
 */
final class History {
  /** Jobs of which nobody has heard since the last answer; more of them are not waited for. */
  private static final int UNHEARD_MAX = 8;

  private enum Fate {
    APPLIED,
    SENT,
    UNKNOWN
  }

  private record Unheard(long n, Fate fate) {}

  private final List<Unheard> unheard = new ArrayList<>();
  private long issued;
  private Tally known = Tally.NONE;

  long next() {
    return ++issued;
  }

  /** It was answered: what it does is kept. */
  void applied(long n) {
    unheard.add(new Unheard(n, Fate.APPLIED));
  }

  /** It was accepted: what it does is kept, unless the engine closes first. */
  void sent(long n) {
    unheard.add(new Unheard(n, Fate.SENT));
  }

  /** Nobody knows. */
  void unknown(long n) {
    unheard.add(new Unheard(n, Fate.UNKNOWN));
  }

  boolean wantsAnAnswer() {
    return unheard.size() >= UNHEARD_MAX;
  }

  /** What the object had; the error, or null if that is what it must have had. */
  @Nullable String found(Tally there) {
    return found(there, possible(unheard.size()));
  }

  /** The same where the engine closed meanwhile: of what was sent the last ones may be lost. */
  @Nullable String foundAfterClose(Tally there) {
    Set<Tally> all = new LinkedHashSet<>();
    for (int lost = unheard.size(); lost >= 0; lost--) {
      all.addAll(possible(lost));
    }
    return found(there, all);
  }

  private @Nullable String found(Tally there, Set<Tally> possible) {
    String error =
        possible.contains(there)
            ? null
            : there + " was found, where " + unheard + " after " + known + " leave " + possible;
    known = there;
    unheard.clear();
    return error;
  }

  /** What there may be, if from that place on everything was lost that was sent. */
  private Set<Tally> possible(int lost) {
    Set<Tally> all = new LinkedHashSet<>(Set.of(known));
    for (int i = 0; i < unheard.size(); i++) {
      Unheard job = unheard.get(i);
      Set<Tally> after = new LinkedHashSet<>();
      boolean kept = job.fate() == Fate.APPLIED || (job.fate() == Fate.SENT && i < lost);
      for (Tally before : all) {
        if (kept || job.fate() == Fate.UNKNOWN) {
          after.add(before.with(job.n()));
        }
        if (!kept) {
          after.add(before);
        }
      }
      all = after;
    }
    return all;
  }
}
