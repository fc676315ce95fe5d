package dev.abide.engine.internal.cycle;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CallCycleException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds a cycle of chains that wait for each other, and ends one wait of it.
 *
 * <p>The idea: a turn publishes what it waits for, then queues its call, and, if the callee is
 * busy, follows who waits for whom. A chain that waits has one way out, so this is a walk and not a
 * search.
 *
 * <p>Why none is missed: waits are volatile, so all publishings have one order. The last wait of a
 * cycle is published when all the others are, and whoever published it walks afterwards and sees
 * them. A wait whose callee was idle needs no walk: its turn runs, and if that comes to wait
 * itself, it publishes later. A join is walked even if its call runs: the turn that runs may have
 * come to wait, and walked in vain, before the join was published.
 *
 * <p>Why none is invented: who holds an object is read without locks, so one walk may join what
 * never was at the same time. Each link is read again behind its wait: the thread that published it
 * wrote the rest before, and stands still until the wait is over. And a cycle counts only if a
 * second walk sees the same objects, turns and waits: each of them then was there from the end of
 * the first walk to the beginning of the second, all at once. The wait that is followed is asked
 * there, between the two: its turn might have ended before the first walk came to its callee, which
 * then would be in another turn, one that nobody here waits for.
 *
 * <p>Two who find the same cycle choose the same wait to end, the youngest of those whose calls are
 * queued. If there is none, all calls run and the waits of the cycle that join chains are joins.
 * The last that was published is one of them, for whoever waits in a call that runs published
 * before the callee could: it is the one, or among the ones, to find the cycle, and the first of
 * those to take the lock refuses its own thread.
 */
public final class CycleSearch {
  /** So often is a link read that changes meanwhile; then its thread is on its way, not waiting. */
  private static final int READS_MAX = 64;

  /** Taken by those who find nothing but running calls, so that only one of them goes. */
  private static final ReentrantLock REFUSES = new ReentrantLock();

  private CycleSearch() {}

  /**
   * One object on the way: its turn, the innermost of its thread, what that one waits for, and
   * whether that was queued: what is queued no more when it is to be ended has been ended by
   * another, who must not make this search choose a second one.
   */
  private record Link(
      Holder at, long turn, Holder innermost, long innermostTurn, Wait waits, boolean queued) {}

  /**
   * Follows a wait that has been published and whose call is in its callee's mailbox, or has been.
   * A join may be found refused afterwards.
   */
  public static void follow(Wait mine) {
    // Somebody else may have found the cycle and ended this very wait: it is walked from its callee
    // on, so the others of the cycle would be found waiting for us for as long as we looked.
    while (!mine.over()) {
      List<Link> cycle = walk(mine);
      if (cycle == null) {
        return;
      }
      // Where something has changed somebody has gone on; what there is now is seen in the next
      // round.
      boolean queued = mine.turn.queued();
      if (!mine.over() && cycle.equals(walk(mine)) && end(mine, queued, cycle)) {
        return;
      }
    }
  }

  /** The links from the callee back to the chain that waits; null if it is not waited for. */
  private static @Nullable List<Link> walk(Wait mine) {
    List<Link> path = new ArrayList<>();
    Holder at = mine.callee;
    while (!isIn(at, mine.holder)) {
      Link link = link(at);
      // One that comes by twice is in a cycle without us: those in it find it.
      if (link == null || passed(at, path)) {
        return null;
      }
      path.add(link);
      at = link.waits.callee;
    }
    return path;
  }

  private static boolean isIn(Holder at, Holder innermost) {
    for (Holder link = innermost; link != null; link = link.outer()) {
      if (link.equals(at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean passed(Holder at, List<Link> path) {
    for (Link link : path) {
      if (link.at.equals(at)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Link link(Holder at) {
    for (int read = 0; read < READS_MAX; read++) {
      Holder innermost = at.innermost();
      if (innermost == null) {
        return null;
      }
      Wait wait = innermost.waits();
      if (wait == null) {
        return null;
      }
      // Behind the volatile read of the wait: what its thread had done before it published is seen
      // from here on, and does not change before the wait is over, which is asked last.
      long turn = at.turns();
      long innermostTurn = innermost.turns();
      if (innermost.equals(at.innermost())) {
        // In this order: what is neither queued nor over runs.
        boolean queued = wait.turn.queued();
        return wait.over() ? null : new Link(at, turn, innermost, innermostTurn, wait, queued);
      }
      Thread.onSpinWait();
    }
    return null;
  }

  /** Ends one wait of the cycle; false if that is not there any more. */
  private static boolean end(Wait mine, boolean queued, List<Link> cycle) {
    Wait youngest = queued ? mine : null;
    for (Link link : cycle) {
      // A call that runs is a link within a chain, or a join; what its turn waits for comes behind.
      if (link.queued && (youngest == null || link.waits.number > youngest.number)) {
        youngest = link.waits;
      }
    }
    if (youngest == null) {
      // A call that runs is not refused: the turn that it waits for has published later, or will,
      // and walks itself.
      return !mine.joins() || refuse(mine, cycle);
    }
    boolean ended =
        youngest.turn.tryCancel(
            new CallCycleException(
                describe(mine, cycle)
                    + "the youngest of these waits was ended. The call may be repeated; let all"
                    + " chains call these objects in one order, or use a one-way call",
                null,
                true,
                Applied.NO));
    if (ended) {
      youngest.turn.tell();
    }
    return ended;
  }

  /** Ends the join of the calling thread, if the cycle is there still; false if it is not. */
  private static boolean refuse(Wait mine, List<Link> cycle) {
    REFUSES.lock();
    try {
      // Another of the cycle may have been refused since. Its wait is over then, and this walk
      // meets it, for it was written under the lock.
      if (mine.over() || !cycle.equals(walk(mine))) {
        return false;
      }
      mine.refuse(
          new CallCycleException(
              describe(mine, cycle)
                  + "all of these calls run, so this wait was refused; the call that it was for"
                  + " goes on. Let a turn not wait for a stage of a turn that waits for it",
              null,
              false,
              Applied.UNKNOWN));
      return true;
    } finally {
      REFUSES.unlock();
    }
  }

  private static String describe(Wait mine, List<Link> cycle) {
    Deque<String> own = new ArrayDeque<>();
    for (Holder link = mine.holder; link != null; link = link.outer()) {
      own.addFirst(link.toString());
    }
    StringBuilder text =
        new StringBuilder("chains of calls wait for each other: ")
            .append(String.join(" -> ", own))
            .append(" waits for ")
            .append(mine.callee)
            .append("; ");
    boolean begins = true;
    for (Link link : cycle) {
      text.append(begins ? "" : " -> ").append(link.at);
      if (!link.innermost.equals(link.at)) {
        text.append(" -> ").append(link.innermost);
      }
      // Its callee comes next, by itself or as the one that is waited for.
      begins = link.queued || link.waits.joins();
      if (begins) {
        text.append(" waits for ").append(link.waits.callee).append("; ");
      }
    }
    return text.toString();
  }
}
