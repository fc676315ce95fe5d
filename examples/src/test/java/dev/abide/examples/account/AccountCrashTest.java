package dev.abide.examples.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies between the two commits of a transfer, on a real disk. */
class AccountCrashTest {
  private static final int DIED = 7;

  @TempDir Path directory;

  /** An account at which the process dies when money comes in; what was sent is on the disk. */
  private record Deadly(ObjectContext context, AccountObject account) implements Account, OnAlarm {
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
      context.awaitDurable();
      Runtime.getRuntime().halt(DIED);
    }

    @Override
    public void onAlarm(AlarmEvent alarm) {
      account.onAlarm(alarm);
    }
  }

  /** The process that dies. */
  static final class Payer {
    private Payer() {}

    public static void main(String[] args) throws Exception {
      try (Abide abide =
          Abide.open(
              Path.of(args[0]),
              options ->
                  options.host(
                      Account.class, context -> new Deadly(context, new AccountObject(context))))) {
        Account ann = abide.get(Account.class, "ann");
        ann.deposit(1_000);
        ann.transfer("bob", 300);
      }
    }
  }

  @Test
  void moneyThatHadLeft_arrivesAfterTheCrash_thoughNobodyCallsThePayer() throws Exception {
    Process payer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../engine/abide.jvmargs"),
                "-cp",
                System.getProperty("java.class.path"),
                Payer.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    assertThat(payer.waitFor()).isEqualTo(DIED);

    try (Abide abide =
        Abide.open(directory, options -> options.host(Account.class, AccountObject::new))) {
      Account bob = abide.get(Account.class, "bob");
      await().atMost(Duration.ofSeconds(60)).until(() -> bob.balance() == 300);

      Account ann = abide.get(Account.class, "ann");
      assertThat(ann.balance()).isEqualTo(700);
      assertThat(ann.onTheirWay()).isZero();
    }
  }
}
