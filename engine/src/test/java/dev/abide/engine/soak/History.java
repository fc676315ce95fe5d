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

  /** What became of a job. */
  enum Fate {
    /** It was answered: what it does is kept. */
    APPLIED,
    /** It was accepted: what it does is kept, unless the engine closes first. */
    ACCEPTED,
    /** Nobody knows. */
    UNKNOWN
  }

  private record Unheard(long n, Fate fate) {}

  private final List<Unheard> unheard = new ArrayList<>();
  private long issued;

  /** What there was, and in which life. */
  private Tally known = Tally.none(1);

  /** The last life that was seen. */
  private long seen;

  /** What an answer may tell. */
  record Expected(Tally known, List<Unheard> unheard) {
    /** The error, or null if that is what there may have been. */
    @Nullable String error(Tally there) {
      return error(there, unheard.size(), unheard.size());
    }

    /** The same where the engine closed meanwhile: of what was accepted the last may be lost. */
    @Nullable String errorAfterClose(Tally there) {
      return error(there, 0, unheard.size());
    }

    private @Nullable String error(Tally there, int lostFirst, int lostLast) {
      Set<Tally> all = new LinkedHashSet<>();
      for (int lost = lostLast; lost >= lostFirst; lost--) {
        if (there.life() == known.life()) {
          all.addAll(possible(known, 0, lost));
        } else if (there.life() > known.life()) {
          // Deleted meanwhile, before or behind any of these.
          for (int first = 0; first <= unheard.size(); first++) {
            all.addAll(possible(Tally.none(there.life()), first, lost));
          }
        }
      }
      return all.contains(there)
          ? null
          : there + " was found, where " + unheard + " after " + known + " leave " + all;
    }

    /**
     * What there may be.
     *
     * @param begun what there was before the first job
     * @param lost from that place on everything was lost that was accepted only
     */
    private Set<Tally> possible(Tally begun, int first, int lost) {
      Set<Tally> all = new LinkedHashSet<>(Set.of(begun));
      for (int i = first; i < unheard.size(); i++) {
        Unheard job = unheard.get(i);
        Set<Tally> after = new LinkedHashSet<>();
        boolean kept = job.fate() == Fate.APPLIED || (job.fate() == Fate.ACCEPTED && i < lost);
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

  long next() {
    return ++issued;
  }

  /** A job that leaves something has been issued, and this is known of it. */
  void issued(long n, Fate fate) {
    unheard.add(new Unheard(n, fate));
  }

  /** More is known of it, or, if that is null, that it left nothing. */
  void turnedOut(long n, @Nullable Fate fate) {
    if (fate == null) {
      unheard.removeIf(job -> job.n() == n);
    } else {
      unheard.replaceAll(job -> job.n() == n ? new Unheard(n, fate) : job);
    }
  }

  /** The object was deleted, by who issues these jobs. */
  void deleted(boolean existed) {
    // One that did not exist has had no life since the last that was seen ended.
    long next = existed ? known.life() + 1 : Math.max(known.life(), seen + 1);
    known = Tally.none(next);
    unheard.clear();
  }

  boolean wantsAnAnswer() {
    return unheard.size() >= UNHEARD_MAX;
  }

  /** What the next job may find. */
  Expected expected() {
    return new Expected(known, List.copyOf(unheard));
  }

  /** What the object had; the error, or null if that is what it must have had. */
  @Nullable String found(Tally there) {
    return found(there, expected().error(there));
  }

  /** The same where the engine closed meanwhile. */
  @Nullable String foundAfterClose(Tally there) {
    return found(there, expected().errorAfterClose(there));
  }

  private @Nullable String found(Tally there, @Nullable String error) {
    known = there;
    seen = there.life();
    unheard.clear();
    return error;
  }
}
