package dev.abide.examples.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.Abide;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.testing.TestAbide;
import dev.abide.examples.account.Account.InsufficientFundsException;
import dev.abide.examples.account.Account.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountTest {
  /** How many deliveries are refused, and how many are done and their answer lost. */
  private final AtomicInteger refusals = new AtomicInteger();

  private final AtomicInteger lostAnswers = new AtomicInteger();
  private final TestAbide test = TestAbide.open(options -> options.host(Account.class, Shaky::new));

  @AfterEach
  void close() {
    test.close();
  }

  /** An account that is overloaded now and then, as a test says. */
  private final class Shaky implements Account, OnAlarm {
    private final ObjectContext context;
    private final AccountObject account;

    Shaky(ObjectContext context) {
      this.context = context;
      this.account = new AccountObject(context);
    }

    @Override
    public long deposit(long cents) {
      return account.deposit(cents);
    }

    @Override
    public long balance() {
      return account.balance();
    }

    @Override
    public int onTheirWay() {
      return account.onTheirWay();
    }

    @Override
    public Outcome transfer(String to, long cents) throws InsufficientFundsException {
      return account.transfer(to, cents);
    }

    @Override
    public int deliver() {
      return account.deliver();
    }

    @Override
    public void receive(String from, long number, long cents) {
      if (take(refusals)) {
        throw new OverloadedException("the test refuses", Duration.ofSeconds(1));
      }
      account.receive(from, number, cents);
      if (take(lostAnswers)) {
        context.commit();
        throw new OverloadedException("the test loses the answer", Duration.ofSeconds(1));
      }
    }

    @Override
    public void onAlarm(AlarmEvent alarm) {
      account.onAlarm(alarm);
    }
  }

  private static boolean take(AtomicInteger count) {
    return count.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private Account account(String id) {
    return test.abide().get(Account.class, id);
  }

  @Test
  void transfer_movesTheMoney() throws Exception {
    account("ann").deposit(1_000);

    assertThat(account("ann").transfer("bob", 300)).isEqualTo(Outcome.ARRIVED);

    assertThat(account("ann").balance()).isEqualTo(700);
    assertThat(account("bob").balance()).isEqualTo(300);
    assertThat(account("ann").onTheirWay()).isZero();
  }

  @Test
  void transfer_beyondTheBalance_isRefusedAndChangesNothing() {
    account("ann").deposit(100);

    assertThatThrownBy(() -> account("ann").transfer("bob", 101))
        .isInstanceOf(InsufficientFundsException.class)
        .hasMessageContaining("101")
        .hasMessageContaining("100");
    assertThat(account("ann").balance()).isEqualTo(100);
    assertThat(account("bob").balance()).isZero();
  }

  @Test
  void receiverThatRefuses_getsTheMoneyWithOneOfTheNextCalls() throws Exception {
    account("ann").deposit(1_000);
    refusals.set(2);

    assertThat(account("ann").transfer("bob", 300)).isEqualTo(Outcome.ON_ITS_WAY);
    assertThat(account("bob").balance()).isZero();
    assertThat(account("ann").balance()).isEqualTo(700);
    assertThat(account("ann").deliver()).isZero();
    assertThat(account("ann").transfer("eve", 1)).isEqualTo(Outcome.ARRIVED);

    assertThat(account("bob").balance()).isEqualTo(300);
    assertThat(account("eve").balance()).isEqualTo(1);
  }

  @Test
  void receiverThatRefuses_getsTheMoneyByTheAlarm_thoughNobodyCalls() throws Exception {
    account("ann").deposit(1_000);
    refusals.set(2);
    assertThat(account("ann").transfer("bob", 300)).isEqualTo(Outcome.ON_ITS_WAY);
    assertThat(account("ann").transfer("eve", 1)).isEqualTo(Outcome.ON_ITS_WAY);

    refusals.set(1);
    test.clock().advance(Duration.ofSeconds(2));
    assertThat(account("ann").onTheirWay()).as("the alarm was refused too").isEqualTo(2);
    test.clock().advance(Duration.ofSeconds(10));

    assertThat(account("bob").balance()).isEqualTo(300);
    assertThat(account("eve").balance()).isEqualTo(1);
    assertThat(account("ann").onTheirWay()).isZero();
    assertThat(account("ann").balance()).isEqualTo(699);
  }

  @Test
  void twoThatPayEachOther_bothGetTheirMoney() throws Exception {
    account("ann").deposit(1_000);
    account("bob").deposit(1_000);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 50; n++) {
        threads.submit(() -> account("ann").transfer("bob", 2));
        threads.submit(() -> account("bob").transfer("ann", 1));
      }
    }
    for (int n = 0; n < 20; n++) {
      test.clock().advance(Duration.ofSeconds(2));
    }

    assertThat(account("ann").onTheirWay() + account("bob").onTheirWay()).isZero();
    assertThat(account("ann").balance()).isEqualTo(950);
    assertThat(account("bob").balance()).isEqualTo(1_050);
  }

  @Test
  void processThatDiesBetweenTheTwoCommits_losesNothing() throws Exception {
    account("ann").deposit(1_000);
    refusals.set(1);
    account("ann").transfer("bob", 300);

    test.crash();

    assertThat(account("ann").balance()).isEqualTo(700);
    assertThat(account("bob").balance()).isZero();
    test.clock().advance(Duration.ofSeconds(2));
    assertThat(account("bob").balance()).isEqualTo(300);
  }

  @Test
  void answerThatIsLost_makesTheTransferArriveTwice_andCountOnce() throws Exception {
    account("ann").deposit(1_000);
    lostAnswers.set(1);

    assertThat(account("ann").transfer("bob", 300)).isEqualTo(Outcome.ON_ITS_WAY);
    assertThat(account("bob").balance()).isEqualTo(300);
    assertThat(account("ann").deliver()).isEqualTo(1);

    assertThat(account("bob").balance()).isEqualTo(300);
  }

  @Test
  void manyTransfersAtOnce_withRefusalsAndCrashes_makeAndLoseNothing() throws Exception {
    long seed = System.nanoTime();
    System.out.println("AccountTest seed " + seed);
    Random random = new Random(seed);
    int accounts = 6;
    for (int n = 0; n < accounts; n++) {
      account("a" + n).deposit(10_000);
    }
    for (int round = 0; round < 5; round++) {
      refusals.set(random.nextInt(5));
      lostAnswers.set(random.nextInt(5));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> payments = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          // Each pays a later one, so that no two wait for each other.
          int from = random.nextInt(accounts - 1);
          int to = from + 1 + random.nextInt(accounts - from - 1);
          long cents = 1 + random.nextInt(200);
          Abide abide = test.abide();
          payments.add(
              threads.submit(() -> abide.get(Account.class, "a" + from).transfer("a" + to, cents)));
        }
        for (Future<?> payment : payments) {
          payment.get();
        }
      }
      if (random.nextBoolean()) {
        test.crash();
      }
    }
    refusals.set(0);
    lostAnswers.set(0);
    long total = 0;
    // The longest that the alarm of a refused delivery waits, after the few refusals of a round.
    test.clock().advance(Duration.ofMinutes(2));
    for (int n = 0; n < accounts; n++) {
      assertThat(account("a" + n).onTheirWay()).isZero();
    }
    for (int n = 0; n < accounts; n++) {
      total += account("a" + n).balance();
    }
    assertThat(total).isEqualTo(accounts * 10_000L);
  }
}
