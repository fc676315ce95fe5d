package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** G10: alarms. */
final class AlarmTest extends ShapedTest {
  /** The alarms that went off, as {@code name attempt}. */
  private List<String> alarms(String name) {
    return LivingObject.events(id + name).stream()
        .filter(event -> event.startsWith("alarm "))
        .map(event -> event.substring(6))
        .toList();
  }

  private List<String> alarms() {
    return alarms("");
  }

  private void onAlarm(Living.Step step) {
    LivingObject.HOOKS.put("alarm/" + id, step);
  }

  private String turn(Living.Step step) throws Exception {
    return living("").run(step);
  }

  @Test
  void alarm_goesOffOnce_notBeforeItsTime() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofMinutes(1));
      context.alarms().set("b", context.clock().instant().plusSeconds(61));
      return "";
    });
    clock.advance(Duration.ofSeconds(59).plusNanos(999_999_999));
    assertThat(alarms()).isEmpty();

    clock.advance(Duration.ofNanos(1));
    assertThat(alarms()).containsExactly("a 0");
    clock.advance(Duration.ofSeconds(1));
    clock.advance(Duration.ofDays(1));
    assertThat(alarms()).containsExactly("a 0", "b 0");
  }

  @Test
  void alarmAtAnInstant_goesOffThen_orAtOnceIfThatHasPassed() throws Exception {
    Instant at = Instant.parse("2026-01-01T00:01:30.000000007Z");
    onAlarm((context, self) -> self.text.update(told -> told + self.event.due() + " "));
    turn((context, self) -> {
      context.alarms().set("at", at);
      context.alarms().set("never", Instant.MAX);
      assertThat(context.alarms().find("at")).contains(new Alarm("at", at, 0));
      return "";
    });
    clock.advance(Duration.between(clock.instant(), at).minusNanos(1));
    assertThat(alarms()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(alarms()).containsExactly("at 0");
    // The same name at another instant is another setting.
    turn((context, self) -> {
      context.alarms().set("at", at.plusSeconds(2));
      context.alarms().set("passed", at.minusSeconds(60));
      context.alarms().set("long ago", Instant.MIN);
      return "";
    });
    clock.advance(Duration.ZERO);
    assertThat(alarms()).containsExactly("at 0", "long ago 0", "passed 0");
    clock.advance(Duration.ofSeconds(2));
    clock.advance(Duration.ofDays(36_500));

    assertThat(alarms()).containsExactly("at 0", "long ago 0", "passed 0", "at 0");
    // Each was told the time that it had been set for.
    assertThat(turn((context, self) -> self.text.get()))
        .isEqualTo(
            "%s %s %s %s ".formatted(at, Instant.MIN, at.minusSeconds(60), at.plusSeconds(2)));
    assertThat(turn((context, self) -> "" + context.alarms().all()))
        .isEqualTo("" + List.of(new Alarm("never", Instant.MAX, 0)));
  }

  @Test
  void alarm_thatIsSetAgain_goesOffAtTheNewTimeOnly_andACancelledOneNever() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(10));
      context.alarms().set("b", Duration.ofSeconds(10));
      context.alarms().set("c", Duration.ofSeconds(30));
      return "";
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(20));
      context.alarms().set("c", Duration.ofSeconds(10));
      assertThat(context.alarms().cancel("b")).isTrue();
      assertThat(context.alarms().cancel("none")).isFalse();
      return "";
    });

    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).containsExactly("c 0");
    clock.advance(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).containsExactly("c 0", "a 0");
  }

  @Test
  void all_andFind_tellWhatIsSet_thisTurnIncluded_inOrder() throws Exception {
    Instant at = clock.instant().plusSeconds(5);
    turn((context, self) -> {
      context.alarms().set("\ud83d\ude00", at);
      context.alarms().set("\uffff", at);
      context.alarms().set("", at);
      return "";
    });
    turn((context, self) -> {
      context.alarms().set("b", at.plusSeconds(1));
      context.alarms().set("aaa", at);
      context.alarms().cancel("");
      assertThat(context.alarms().all())
          .containsExactly(
              new Alarm("aaa", at, 0),
              new Alarm("b", at.plusSeconds(1), 0),
              new Alarm("\uffff", at, 0),
              new Alarm("\ud83d\ude00", at, 0));
      assertThat(context.alarms().find("b")).contains(new Alarm("b", at.plusSeconds(1), 0));
      assertThat(context.alarms().find("")).isEmpty();
      return "";
    });
  }

  @Test
  void alarm_ofATurnThatThrew_neverGoesOff() throws Exception {
    assertThatThrownBy(() ->
            turn((context, self) -> {
              context.alarms().set("a", Duration.ofSeconds(1));
              throw new IllegalArgumentException("no");
            }))
        .hasMessage("no");
    assertThatThrownBy(() ->
            turn((context, self) -> {
              context.alarms().set("b", Duration.ofSeconds(1));
              context.commit();
              context.alarms().cancel("b");
              throw new IllegalArgumentException("no");
            }))
        .hasMessage("no");
    clock.advance(Duration.ofSeconds(1));

    assertThat(alarms()).containsExactly("b 0");
  }

  @Test
  void alarmThatFails_isTriedAgainAfter2And4And8Seconds_andReportedFromTheSixthFailure()
      throws Exception {
    onAlarm((context, self) -> {
      self.text.set("half");
      throw new IllegalStateException("broken " + self.event.attempt());
    });
    Instant due = clock.instant().plusSeconds(1);
    turn((context, self) -> {
      context.alarms().set("a", due);
      return "";
    });
    clock.advance(Duration.ofSeconds(1));
    for (int attempt = 0; attempt < 5; attempt++) {
      assertThat(alarms()).hasSize(attempt + 1).last().isEqualTo("a " + attempt);
      long whole = 2_000L << attempt;
      // Up to a tenth sooner, never later.
      clock.advance(Duration.ofMillis(whole * 9 / 10 - 1));
      assertThat(alarms()).hasSize(attempt + 1);
      assertThat(reports).isEmpty();
      clock.advance(Duration.ofMillis(whole / 10 + 1));
    }
    assertThat(alarms()).hasSize(6);
    await(() -> assertThat(reports).hasSize(1));
    assertThat(reports.peek().kind()).isEqualTo(Report.Kind.ALARM_FAILED);
    assertThat(reports.peek().cause()).hasMessage("broken 5");
    assertThat(reports.peek().message()).contains("\"a\"").contains("6 times");
    assertThat(
            turn((context, self) -> self.text.get() + context.alarms().find("a").get().attempt()))
        .isEqualTo("6");

    onAlarm((context, self) -> self.text.update(t -> self.event.due().toString()));
    clock.advance(Duration.ofMinutes(10));
    assertThat(alarms()).last().isEqualTo("a 6");
    clock.advance(Duration.ofDays(1));
    assertThat(alarms()).hasSize(7);
    assertThat(turn((context, self) -> self.text.get() + context.alarms().all()))
        .isEqualTo(due + "[]");
  }

  @Test
  void alarmThatFailsForLong_isTriedAtMostTenMinutesApart() throws Exception {
    onAlarm((context, self) -> {
      throw new IllegalStateException("broken");
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ZERO);
      return "";
    });
    clock.advance(Duration.ZERO);
    for (int attempt = 1; attempt < 20; attempt++) {
      clock.advance(Duration.ofMinutes(10));
      assertThat(alarms()).hasSize(attempt + 1);
    }
    turn((context, self) -> "" + context.alarms().cancel("a"));
    clock.advance(Duration.ofMinutes(20));
    assertThat(alarms()).hasSize(20);
  }

  @Test
  void alarmThatItsOwnTurnSetsAgain_goesOffAgain_alsoForNow() throws Exception {
    onAlarm((context, self) -> {
      if (self.number.update(n -> n + 1) < 3) {
        context.alarms().set("a", self.event.due());
      }
      return "";
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));

    assertThat(alarms()).containsExactly("a 0", "a 0", "a 0");
    assertThat(turn((context, self) -> "" + context.alarms().all())).isEqualTo("[]");
  }

  @Test
  void alarmThatItsOwnTurnSetsAgainAndCommits_andThenThrows_replacesTheRetry() throws Exception {
    onAlarm((context, self) -> {
      if (self.number.get() == 0) {
        self.number.set(1L);
        context.alarms().set("a", Duration.ofMinutes(1));
        context.commit();
        throw new IllegalStateException("after the commit");
      }
      return "";
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(59));
    assertThat(alarms()).containsExactly("a 0");
    clock.advance(Duration.ofSeconds(1));
    assertThat(alarms()).containsExactly("a 0", "a 0");
  }

  @Test
  void everyPeriod_keepsItsBeat_andMissedTimesCollapse() throws Exception {
    turn((context, self) -> {
      context.alarms().every("tick", Duration.ofSeconds(10));
      return "";
    });
    Instant begin = clock.instant();
    clock.advance(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).containsExactly("tick 0", "tick 0");
    clock.advance(Duration.ofSeconds(35));
    assertThat(alarms()).hasSize(3);
    assertThat(turn((context, self) -> "" + context.alarms().find("tick").get().due()))
        .isEqualTo("" + begin.plusSeconds(60));

    // Said again, as a constructor would at each wake: it goes on undisturbed.
    turn((context, self) -> {
      context.alarms().every("tick", Duration.ofSeconds(10));
      return "";
    });
    clock.advance(Duration.ofSeconds(5));
    assertThat(alarms()).hasSize(4);
    turn((context, self) -> {
      context.alarms().every("tick", Duration.ofSeconds(20));
      return "";
    });
    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).hasSize(4);
    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).hasSize(5);
  }

  @Test
  void cron_goesByTheClocksOfItsZone_alsoWhereTheyChange() throws Exception {
    // The clock stands at the beginning of 2026, UTC.
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    turn((context, self) -> {
      context.alarms().every("morning", "30 7 * * *", berlin);
      return "";
    });
    for (int day = 1; day <= 100; day++) {
      Instant due =
          clock.instant().atZone(berlin).toLocalDate().atTime(7, 30).atZone(berlin).toInstant();
      clock.advance(Duration.between(clock.instant(), due).minusNanos(1));
      assertThat(alarms()).hasSize(day - 1);
      clock.advance(Duration.ofNanos(1));
      assertThat(alarms()).hasSize(day);
      clock.advance(Duration.ofHours(12));
      clock.advance(Duration.ofHours(6));
    }
    assertThatThrownBy(() ->
            turn((context, self) -> {
              context.alarms().every("x", "every morning", berlin);
              return "";
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every morning")
        .hasMessageContaining("five fields");
  }

  private void advanceTo(String instant) {
    clock.advance(Duration.between(clock.instant(), Instant.parse(instant)));
  }

  private void every(String name, String cron) throws Exception {
    turn((context, self) -> {
      context.alarms().every(name, cron, ZoneId.of("Europe/Berlin"));
      return "";
    });
  }

  @Test
  void cron_whoseTimeIsLeftOutBySummerTime_goesOffOnceRightAfterTheGap() throws Exception {
    // On 29 March 2026, 02:00 to 03:00 are left out; that is at 01:00 UTC.
    advanceTo("2026-03-28T12:00:00Z");
    every("named", "*/15 2,3 * * *");
    every("single", "30 2 * * *");
    advanceTo("2026-03-29T00:59:59.999999999Z");
    assertThat(alarms()).isEmpty();

    advanceTo("2026-03-29T01:00:00Z");

    assertThat(alarms()).containsExactlyInAnyOrder("named 0", "single 0");
    advanceTo("2026-03-29T01:14:59Z");
    assertThat(alarms()).hasSize(2);
    advanceTo("2026-03-29T01:15:00Z");
    assertThat(alarms()).hasSize(3).endsWith("named 0");
    advanceTo("2026-03-30T00:00:00Z");
    assertThat(alarms()).hasSize(4).endsWith("named 0");
    advanceTo("2026-03-30T00:30:00Z");
    assertThat(alarms().stream().filter(alarm -> alarm.equals("single 0"))).hasSize(2);
  }

  @Test
  void cron_whoseTimeComesTwice_goesOffTheFirstTimeOnly_alsoWhereItsTurnWasLate() throws Exception {
    // On 25 October 2026, 02:00 to 03:00 come at 00:00 UTC and again at 01:00 UTC.
    advanceTo("2026-10-24T12:00:00Z");
    every("single", "30 2 * * *");
    advanceTo("2026-10-25T00:29:59Z");
    assertThat(alarms()).isEmpty();

    advanceTo("2026-10-25T00:30:01Z");

    assertThat(alarms()).containsExactly("single 0");
    advanceTo("2026-10-25T01:10:00Z");
    // In the second of the two hours.
    every("set late", "40 2 * * *");
    advanceTo("2026-10-26T01:29:59Z");
    assertThat(alarms()).containsExactly("single 0");
    advanceTo("2026-10-26T01:30:00Z");
    assertThat(alarms()).containsExactly("single 0", "single 0");
    advanceTo("2026-10-26T01:40:00Z");
    assertThat(alarms()).endsWith("set late 0").hasSize(3);
  }

  @Test
  void cron_ofEveryHour_goesByTheTimeThatPasses() throws Exception {
    advanceTo("2026-03-29T00:10:00Z");
    every("hourly", "30 * * * *");
    for (int hour = 0; hour < 4; hour++) {
      advanceTo("2026-03-29T0" + hour + ":29:59Z");
      assertThat(alarms()).hasSize(hour);
      advanceTo("2026-03-29T0" + hour + ":30:00Z");
      assertThat(alarms()).hasSize(hour + 1);
    }
    advanceTo("2026-10-24T23:40:00Z");
    int before = alarms().size();
    for (int hour = 0; hour < 4; hour++) {
      advanceTo("2026-10-25T0" + hour + ":30:00Z");
      assertThat(alarms()).hasSize(before + hour + 1);
    }
  }

  @Test
  void cron_thatNeverComes_isRefused() throws Exception {
    assertThatThrownBy(() -> every("never", "0 0 30 2 *"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"0 0 30 2 *\"")
        .hasMessageContaining("alarm \"never\"")
        .hasMessageContaining("no time to come");
    assertThat(turn((context, self) -> "" + context.alarms().all())).isEqualTo("[]");
  }

  @Test
  void cron_ofSeveralExpressions_isRefused() {
    assertThatThrownBy(() -> every("two", "0 2 * * *||*/5 * * * *"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an alarm for each expression");
  }

  @Test
  void object_existsWhileItHasAlarms_clearLeavesThem_deleteDoesNot() throws Exception {
    turn((context, self) -> {
      self.text.set("x");
      context.alarms().set("a", Duration.ofSeconds(1));
      context.alarms().set("b", Duration.ofSeconds(5));
      return "";
    });
    turn((context, self) -> {
      context.storage().clear();
      return "";
    });
    try (var ids = abide.ids(Living.class, id)) {
      assertThat(ids).containsExactly(id);
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(alarms()).containsExactly("a 0");

    assertThat(abide.delete(Living.class, id)).isTrue();
    assertThat(abide.delete(Living.class, id)).isFalse();
    try (var ids = abide.ids(Living.class, id)) {
      assertThat(ids).isEmpty();
    }
    clock.advance(Duration.ofSeconds(10));
    assertThat(alarms()).containsExactly("a 0");
  }

  @Test
  void lastAlarm_thatGoesOff_endsTheObjectsExistence() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));

    try (var ids = abide.ids(Living.class, id)) {
      assertThat(ids).isEmpty();
    }
    assertThat(alarms()).containsExactly("a 0");
  }

  @Test
  void contextDelete_inAnAlarm_removesTheOthersToo() throws Exception {
    onAlarm((context, self) -> {
      context.delete();
      return "";
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      context.alarms().set("b", Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));

    assertThat(alarms()).containsExactly("a 0");
    assertThat(abide.delete(Living.class, id)).isFalse();
  }

  @Test
  void readOnlyTurn_maySeeAlarms_andNotSetThem() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    assertThat(living("").look((context, self) -> "" + context.alarms().all().size()))
        .isEqualTo("1");
    for (Living.Step step :
        List.<Living.Step>of(
            (context, self) -> {
              context.alarms().set("b", Duration.ZERO);
              return "";
            },
            (context, self) -> {
              context.alarms().every("b", Duration.ofDays(1));
              return "";
            },
            (context, self) -> "" + context.alarms().cancel("a"))) {
      assertThatThrownBy(() -> living("").look(step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@ReadOnly");
    }
  }

  @Test
  void wrongArguments_areRefusedWithTheBound() throws Exception {
    turn((context, self) -> {
      Alarms alarms = context.alarms();
      assertThatThrownBy(() -> alarms.set("a", Duration.ofNanos(-1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> alarms.set("a", Duration.ofSeconds(Long.MAX_VALUE)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> alarms.every("a", Duration.ofMillis(9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("PT0.01S");
      assertThatThrownBy(() -> alarms.set("x".repeat(1_025), Duration.ZERO))
          .isInstanceOfSatisfying(
              LimitException.class, limit -> assertThat(limit.bound()).isEqualTo(1_024));
      assertThat(alarms.all()).isEmpty();
      alarms.set("x".repeat(1_024), Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));
    assertThat(alarms()).containsExactly("x".repeat(1_024) + " 0");
  }

  @Test
  void alarm_ofAClassWithoutOnAlarm_isRefusedWhenItIsSet() {
    assertThatThrownBy(() ->
            script("")
                .run((context, self) -> {
                  context.alarms().set("a", Duration.ofSeconds(1));
                  return "";
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ScriptObject")
        .hasMessageContaining("OnAlarm");
  }

  @Test
  void constructor_maySetAnAlarm_thatWakesTheObjectAgain() throws Exception {
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> {
          context.alarms().every("tick", Duration.ofMinutes(1));
          return "";
        });
    turn((context, self) -> "");
    for (int minute = 1; minute <= 5; minute++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(alarms()).hasSize(minute);
    }
  }

  @Test
  void alarm_whoseObjectCannotWake_isTriedAgain() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofMinutes(1));
      return "";
    });
    abide.sleep(Living.class, id);
    LivingObject.HOOKS.put(
        "wake/" + id,
        (context, self) -> {
          throw new IllegalStateException("not now");
        });
    clock.advance(Duration.ofMinutes(1));
    assertThat(alarms()).isEmpty();
    LivingObject.HOOKS.remove("wake/" + id);

    clock.advance(Duration.ofSeconds(2));
    assertThat(alarms()).containsExactly("a 1");
  }

  @Test
  void fullMailbox_doesNotStopAnAlarm() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    living("")
        .send((context, self) -> {
          begun.countDown();
          go.await();
          return "";
        });
    begun.await();
    for (int n = 1; n < 100; n++) {
      living("").send((context, self) -> "");
    }
    assertThatThrownBy(() -> living("").send((context, self) -> ""))
        .isInstanceOf(OverloadedException.class);
    Thread advance = Thread.ofVirtual().start(() -> clock.advance(Duration.ofSeconds(1)));
    // The alarm is in the mailbox: it is one longer than its bound.
    await(() ->
        assertThat(
                Metrics.of(abide).series().stream()
                    .filter(series -> series.name().equals("abide.mailbox.turns"))
                    .mapToLong(series -> series.value().getAsLong())
                    .sum())
            .isEqualTo(101));
    go.countDown();
    advance.join();

    assertThat(alarms()).containsExactly("a 0");
  }

  @Test
  void blockedObject_withManyAlarms_doesNotDelayAnothers() throws Exception {
    turn((context, self) -> {
      for (int n = 0; n < 500; n++) {
        context.alarms().set("early " + n, Duration.ofSeconds(1));
      }
      return "";
    });
    living("other")
        .run((context, self) -> {
          context.alarms().set("late", Duration.ofSeconds(2));
          return "";
        });
    CountDownLatch go = new CountDownLatch(1);
    onAlarm((context, self) -> {
      go.await();
      return "";
    });
    Thread advance = Thread.ofVirtual().start(() -> clock.advance(Duration.ofSeconds(2)));
    await(() -> assertThat(alarms("other")).containsExactly("late 0"));
    assertThat(alarms()).hasSizeLessThanOrEqualTo(1);
    go.countDown();
    advance.join();

    assertThat(alarms()).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void chainThatBeginsInAnAlarm_callsOthers_andMeetsItselfAtOnce() throws Exception {
    onAlarm((context, self) -> {
      context.get(Counter.class, id).increment(5);
      assertThatThrownBy(() ->
              context
                  .get(Script.class, id)
                  .run((inner, other) -> inner.get(Living.class, id).run((c, s) -> "")))
          .hasRootCauseInstanceOf(CallCycleException.class);
      return self.text.update(t -> t + "done");
    });
    turn((context, self) -> {
      context.alarms().set("a", Duration.ofSeconds(1));
      return "";
    });
    clock.advance(Duration.ofSeconds(1));

    assertThat(counter().value()).isEqualTo(5);
    assertThat(turn((context, self) -> self.text.get())).isEqualTo("done");
  }

  @Test
  void manyObjects_dueAtOnce_allGoOff() throws Exception {
    int many = 5_000;
    for (int n = 0; n < many; n++) {
      living("-" + n)
          .send((context, self) -> {
            context.alarms().set("a", Instant.parse("2026-01-01T00:00:10Z"));
            return "";
          });
      if (n % 50 == 0) {
        abide.awaitDurable();
      }
    }
    abide.awaitDurable();
    clock.advance(Duration.ofSeconds(10));

    for (int n = 0; n < many; n++) {
      assertThat(alarms("-" + n)).containsExactly("a 0");
    }
  }

  @Test
  void alarm_setForNow_goesOffWithoutTheClockBeingMoved() throws Exception {
    turn((context, self) -> {
      context.alarms().set("a", Duration.ZERO);
      return "";
    });
    await(() -> assertThat(alarms()).containsExactly("a 0"));
  }
}
