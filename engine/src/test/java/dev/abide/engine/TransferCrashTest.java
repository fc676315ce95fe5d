package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Shape;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G4, G6: a transfer is two commits, the debit's by {@code context.commit()} and then the credit's.
 * A process that is killed with -9 between the two leaves the debit alone; one killed anywhere
 * leaves a prefix, so never a credit without its debit.
 */
class TransferCrashTest {
  private static final String LINE = "transferred ";

  @TempDir Path directory;

  /** The process that is killed. */
  static final class Bank {
    private Bank() {}

    public static void main(String[] args) throws Exception {
      String mode = args[1];
      try (Abide abide = Shape.DISK.open(Path.of(args[0]), options -> {})) {
        for (int n = 1; ; n++) {
          // A few go through before, so that the last of them is told from none.
          boolean between = n == 4 && mode.equals("between");
          boolean after = n == 4 && mode.equals("after");
          abide
              .get(Script.class, "debit")
              .run((context, self) -> {
                self.number.update(debited -> debited + 1);
                context.commit();
                context
                    .get(Script.class, "credit")
                    .run((inner, other) -> credit(inner, other, between));
                if (after) {
                  // What this turn has seen, the credit's commit with it.
                  context.awaitDurable();
                  killThisProcess();
                }
                return "";
              });
          System.out.println(LINE + n);
          System.out.flush();
        }
      }
    }

    private static String credit(ObjectContext context, ScriptObject object, boolean last)
        throws Exception {
      if (last) {
        // Waits for what this turn has seen: the number of the debit's commit came with the call.
        context.awaitDurable();
      }
      object.number.update(credited -> credited + 1);
      if (last) {
        killThisProcess();
      }
      return "";
    }

    private static void killThisProcess() throws Exception {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      new CountDownLatch(1).await();
    }
  }

  @Test
  void killBetweenDebitAndCredit_leavesTheDebitAlone() throws Exception {
    int said = runAndKill("between", Integer.MAX_VALUE);

    assertThat(said).isEqualTo(3);
    assertThat(balance("debit")).isEqualTo(4);
    assertThat(balance("credit")).isEqualTo(3);
  }

  @Test
  void killAfterTheCredit_beforeTheDebitsTurnHasEnded_leavesBoth() throws Exception {
    int said = runAndKill("after", Integer.MAX_VALUE);

    assertThat(said).isEqualTo(3);
    assertThat(balance("debit")).isEqualTo(4);
    assertThat(balance("credit")).isEqualTo(4);
  }

  @Test
  void killAnywhere_fiveTimes_leavesNoCreditWithoutItsDebit() throws Exception {
    long seed = System.nanoTime();
    System.out.println("TransferCrashTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      long before = balance("credit");
      int said = runAndKill("anywhere", 20 + random.nextInt(300));
      long debit = balance("debit");
      long credit = balance("credit");
      assertThat(credit).as("acknowledged transfers").isGreaterThanOrEqualTo(before + said);
      // Each kill may have come between the two.
      assertThat(debit - credit).as("debits without a credit").isBetween(0L, round + 1L);
    }
  }

  private long balance(String id) throws Exception {
    try (Abide abide = Shape.DISK.open(directory, options -> {})) {
      return Long.parseLong(
          abide.get(Script.class, id).look((context, self) -> "" + self.number.get()));
    }
  }

  /** Returns how many transfers the process said were acknowledged. */
  private int runAndKill(String mode, int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Bank.class.getName(),
                directory.toString(),
                mode)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int seen = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(LINE) && ++seen == lines) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    // 128 + 9: killed, not failed.
    assertThat(process.waitFor()).isEqualTo(137);
    return seen;
  }
}
