package dev.abide.engine.internal.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G12: what the search makes of links that change while it looks. Each test is one interleaving
 * that threads meet once in a long while; the holders change at the very reads that matter.
 */
class CycleSearchTest {
  private static final class Turn extends QueuedTurn {}

  /** An object in a turn, or a turn that was called there on the same thread. */
  private static class Place implements Holder {
    @Nullable Wait waits;
    long turns = 1;

    @Override
    public @Nullable Holder innermost() {
      return this;
    }

    @Override
    public long turns() {
      return turns;
    }

    @Override
    public @Nullable Wait waits() {
      return waits;
    }

    @Override
    public @Nullable Holder outer() {
      return null;
    }

    /** Begins to wait for a call in the mailbox of another. */
    final Turn waitFor(Place callee) {
      Turn turn = new Turn();
      waits = new Wait(this, callee, turn);
      return turn;
    }

    /** Begins to wait for a call of another that was made before. */
    final Wait join(Place callee, Turn turn) {
      return join(callee, turn, new CompletableFuture<>());
    }

    final Wait join(Place callee, Turn turn, CompletableFuture<?> stage) {
      Wait wait = Wait.join(this, callee, turn, stage);
      waits = wait;
      return wait;
    }

    final void follow() {
      Wait mine = waits;
      if (mine != null) {
        CycleSearch.follow(mine);
      }
    }
  }

  @Test
  void cycle_whoeverFindsIt_isEndedAtItsYoungestWait() {
    Place a = new Place();
    Place b = new Place();
    Place c = new Place();
    Turn oldest = a.waitFor(b);
    Turn second = b.waitFor(c);
    Turn youngest = c.waitFor(a);
    // Held up when it had published, and walks when all the others have.
    a.follow();

    assertThat(youngest.cancelled()).isTrue();
    assertThat(oldest.queued()).isTrue();
    assertThat(second.queued()).isTrue();
    // The others find that it has been ended.
    b.follow();
    c.follow();
    assertThat(oldest.queued()).isTrue();
    assertThat(second.queued()).isTrue();
  }

  @Test
  void waitThatIsOver_andIsStillPublished_isNoLink() {
    Place a = new Place();
    Place b = new Place();
    Turn answered = b.waitFor(a);
    assertThat(answered.tryStart(Thread.currentThread())).isTrue();
    answered.end();
    answered.publishDone();
    Turn mine = a.waitFor(b);
    a.follow();

    assertThat(mine.queued()).isTrue();
  }

  private static Turn running() {
    Turn turn = new Turn();
    assertThat(turn.tryStart(Thread.currentThread())).isTrue();
    return turn;
  }

  @Test
  void turnThatHasEnded_whoseOutcomeIsNotPublished_isNoLink() {
    Place a = new Place();
    Place b = new Place();
    Turn answered = b.waitFor(a);
    assertThat(answered.tryStart(Thread.currentThread())).isTrue();
    // Now a is free, and takes another turn, which waits for b.
    answered.end();
    Turn mine = a.waitFor(b);
    a.follow();

    assertThat(mine.queued()).isTrue();
  }

  @Test
  void joinOfATurn_thatHasComeToWait_endsTheQueuedCall() {
    Place a = new Place();
    Place b = new Place();
    Turn stage = running();
    Turn call = b.waitFor(a);
    b.follow();
    assertThat(call.queued()).isTrue();
    Wait join = a.join(b, stage);
    a.follow();

    assertThat(call.cancelled()).isTrue();
    assertThat(call.refusal()).isInstanceOf(CallCycleException.class);
    assertThat(join.refusal()).isNull();
    assertThat(stage.running()).isTrue();
  }

  @Test
  void joinOfATurn_thatEndsBeforeTheWalkComesToItsObject_isNoLink() {
    Turn stage = running();
    Place a = new Place();
    Place b =
        new Place() {
          @Override
          public @Nullable Wait waits() {
            if (stage.running()) {
              // And another turn begins here, which waits for a.
              stage.end();
              stage.publishDone();
            }
            return super.waits();
          }
        };
    Turn others = b.waitFor(a);
    Wait join = a.join(b, stage);
    a.follow();

    assertThat(others.queued()).isTrue();
    assertThat(join.refusal()).isNull();
  }

  @Test
  void joinsOfRunningTurns_inACycle_theFirstThatFindsItIsRefused_andItAlone() {
    Place a = new Place();
    Place b = new Place();
    Place c = new Place();
    Wait first = a.join(b, running());
    Wait second = b.join(c, running());
    Wait third = c.join(a, running());
    b.follow();
    c.follow();
    a.follow();

    assertThat(second.refusal())
        .isInstanceOfSatisfying(
            CallCycleException.class, e -> assertThat(e.applied()).isEqualTo(Applied.UNKNOWN));
    assertThat(first.refusal()).isNull();
    assertThat(third.refusal()).isNull();
  }

  @Test
  void joinWhoseStageSomebodyElseHasCompleted_isNoLink() {
    Place a = new Place();
    Place b = new Place();
    CompletableFuture<String> stage = new CompletableFuture<>();
    Wait join = a.join(b, running(), stage);
    assertThat(stage.complete("by a timer")).isTrue();

    Turn call = b.waitFor(a);
    b.follow();
    a.follow();

    assertThat(call.cancelled()).isFalse();
    assertThat(join.refusal()).isNull();
  }

  @Test
  void callThatRuns_amongJoins_isNotRefused_andItsSearchEnds() {
    Place a = new Place();
    Place b = new Place();
    Turn call = a.waitFor(b);
    assertThat(call.tryStart(Thread.currentThread())).isTrue();
    Wait join = b.join(a, running());
    a.follow();
    assertThat(join.refusal()).isNull();
    assertThat(call.running()).isTrue();
    b.follow();

    assertThat(join.refusal()).isInstanceOf(CallCycleException.class);
  }

  @Test
  void linkThatIsGoneAtTheSecondWalk_makesNoCycle() {
    Place a = new Place();
    Place b =
        new Place() {
          private int looks;

          @Override
          public @Nullable Wait waits() {
            // Its call was answered after the first look, and it has ended its turn.
            return looks++ == 0 ? super.waits() : null;
          }
        };
    Turn others = b.waitFor(a);
    Turn mine = a.waitFor(b);
    a.follow();

    assertThat(mine.queued()).isTrue();
    assertThat(others.queued()).isTrue();
  }

  /** An object whose turn, at each walk, ends between the two looks at who runs it. */
  private static final class Changing extends Place {
    private final Place before = new Place();
    private final Place after = new Place();
    private boolean seen;

    void walkBegins() {
      seen = false;
    }

    @Override
    public Holder innermost() {
      Place innermost = seen ? after : before;
      seen = true;
      return innermost;
    }
  }

  @Test
  void waitOfATurnThatHasLeft_isNoLinkOfTheOneThatRunsNow() {
    Changing b = new Changing();
    Place a =
        new Place() {
          @Override
          public @Nullable Holder outer() {
            b.walkBegins();
            return super.outer();
          }
        };
    Turn others = b.before.waitFor(a);
    Turn mine = a.waitFor(b);
    a.follow();

    assertThat(mine.queued()).isTrue();
    assertThat(others.queued()).isTrue();
  }
}
