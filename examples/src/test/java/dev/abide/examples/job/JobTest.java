package dev.abide.examples.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.testing.TestAbide;
import dev.abide.engine.testing.TestSocket;
import dev.abide.examples.job.Job.Phase;
import dev.abide.examples.job.Job.Progress;
import dev.abide.examples.job.Job.WrongPhaseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {
  private static final int UP_TO = 2_000_000;
  private static final long PRIMES = 148_933;

  /** Enough for some seconds of work, so that a crash meets it. */
  private static final int LONGER = 10_000_000;

  private static final long MORE_PRIMES = 664_579;

  /** Much more than is ever counted here. */
  private static final int LONG = Job.UP_TO_MAX;

  /** How often an object was built. */
  private final AtomicInteger woken = new AtomicInteger();

  private final TestAbide test =
      TestAbide.open(options ->
          options.host(
              Job.class,
              context -> {
                woken.incrementAndGet();
                return new JobObject(context);
              }));

  @TempDir Path directory;

  @AfterEach
  void close() {
    test.close();
  }

  private Job job() {
    return test.abide().get(Job.class, "primes");
  }

  private static Progress awaitPhase(Job job, Phase phase) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(job::progress, progress -> progress.phase() == phase);
  }

  @Test
  void job_makesASample_waitsForApproval_andCountsTheRest() throws Exception {
    assertThat(job().progress()).isEqualTo(new Progress(Phase.NEW, 0, 0, 0, "not started"));
    job().start(UP_TO);
    Progress sample = awaitPhase(job(), Phase.WAITING);
    assertThat(sample.done()).isEqualTo(Job.SAMPLE);
    assertThat(sample.of()).isEqualTo(40);
    assertThat(sample.primes()).isEqualTo(41_538);

    assertThat(job().approve("ann").note()).isEqualTo("approved by ann");

    assertThat(awaitPhase(job(), Phase.DONE))
        .isEqualTo(new Progress(Phase.DONE, 40, 40, PRIMES, "done"));
  }

  @Test
  void whoPlugsIn_isToldHowFarItHasCome_andWheneverItHasComeFurther() throws Exception {
    try (TestSocket client = test.connect(Job.class, "primes")) {
      assertThat(client.next()).contains("\"phase\":\"NEW\"");
      job().start(UP_TO);
      for (int done = 0; done < Job.SAMPLE; done++) {
        assertThat(client.next()).contains("\"phase\":\"SAMPLING\"", "\"done\":" + done + ",");
      }
      assertThat(client.next()).contains("\"phase\":\"WAITING\"", "\"done\":10,");

      job().cancel();

      assertThat(client.next()).contains("\"phase\":\"CANCELLED\"");
    }
  }

  @Test
  void job_whoseProcessDies_goesOnByItself_andCountsNoBlockTwice() throws Exception {
    job().start(LONGER);
    test.crash();
    test.clock().advance(JobObject.GO_ON_EVERY);
    awaitPhase(job(), Phase.WAITING);

    job().approve("ann");
    for (int restarts = 0; restarts < 3; restarts++) {
      int before = job().progress().done();
      await().until(() -> job().progress().done() > before);
      test.crash();
      test.clock().advance(JobObject.GO_ON_EVERY);
    }

    assertThat(awaitPhase(job(), Phase.DONE).primes()).isEqualTo(MORE_PRIMES);
  }

  @Test
  void job_onADisk_goesOnAfterAClose_thoughNobodyCallsIt() throws Exception {
    try (Abide abide = Abide.open(directory, options -> options.host(Job.class, JobObject::new))) {
      abide.get(Job.class, "primes").start(UP_TO);
      awaitPhase(abide.get(Job.class, "primes"), Phase.WAITING);
      abide.get(Job.class, "primes").approve("ann");
    }
    try (Abide abide = Abide.open(directory, options -> options.host(Job.class, JobObject::new))) {
      assertThat(awaitPhase(abide.get(Job.class, "primes"), Phase.DONE).primes()).isEqualTo(PRIMES);
    }
  }

  @Test
  void alarm_wakesTheJobThatWasAtWork_andNobodyElseMust() throws Exception {
    job().start(LONG);
    test.crash();
    int before = woken.get();

    test.clock().advance(JobObject.GO_ON_EVERY.minusSeconds(1));
    assertThat(woken).hasValue(before);
    test.clock().advance(Duration.ofSeconds(1));

    assertThat(woken).hasValue(before + 1);
  }

  @Test
  void jobThatWaitsForAPerson_sleeps() throws Exception {
    job().start(UP_TO);
    awaitPhase(job(), Phase.WAITING);
    int before = woken.get();
    await()
        .until(() -> {
          test.clock().advance(Duration.ofMinutes(1));
          job().progress();
          return woken.get() > before;
        });

    assertThat(job().approve("ann").phase()).isEqualTo(Phase.COUNTING);
  }

  @Test
  void cancelledJob_stops_andMayBeginAgain() throws Exception {
    job().start(LONG);
    awaitPhase(job(), Phase.WAITING);
    job().approve("ann");
    await().until(() -> job().progress().done() > Job.SAMPLE);

    Progress cancelled = job().cancel();
    assertThat(cancelled.phase()).isEqualTo(Phase.CANCELLED);
    job().start(UP_TO);

    assertThat(awaitPhase(job(), Phase.WAITING).primes())
        .as("a block of the first run, counted late, is no block of the second")
        .isEqualTo(41_538);
  }

  @Test
  void jobThatNobodyApproves_isCancelledAfterADay() throws Exception {
    job().start(UP_TO);
    awaitPhase(job(), Phase.WAITING);
    test.clock().advance(JobObject.APPROVAL_MAX.minusSeconds(1));
    assertThat(job().progress().phase()).isEqualTo(Phase.WAITING);

    test.clock().advance(Duration.ofSeconds(1));

    assertThat(job().progress().phase()).isEqualTo(Phase.CANCELLED);
    assertThat(job().progress().note()).contains("24 hours");
  }

  @Test
  void smallJob_isDoneWithItsSample() throws Exception {
    job().start(100);

    assertThat(awaitPhase(job(), Phase.DONE).primes()).isEqualTo(25);
  }

  @Test
  void wrongMoment_isRefusedWithThePhase() throws Exception {
    assertThatThrownBy(() -> job().approve("ann"))
        .isInstanceOf(WrongPhaseException.class)
        .hasMessage("approval was asked for, and the job is NEW");
    assertThatThrownBy(() -> job().cancel()).isInstanceOf(WrongPhaseException.class);
    assertThatThrownBy(() -> job().start(0)).hasMessageContaining("1 to 1000000000");
    job().start(LONG);
    assertThatThrownBy(() -> job().start(5)).isInstanceOf(WrongPhaseException.class);
  }
}
