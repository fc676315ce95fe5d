package dev.abide.data;

import dev.abide.engine.AbideException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./abide data VERB DIR}. Exit codes: 0 done, 1 refused or failed, 2 misused, 3 damage
 * found. What goes wrong is one line on the error output.
 */
@Command(
    name = "abide data",
    description = "looks into directories and backups that no engine has open",
    subcommands = {
      Info.class,
      Verify.class,
      Objects.class,
      Show.class,
      History.class,
      BackupVerb.class,
      RestoreVerb.class
    },
    mixinStandardHelpOptions = true)
public final class DataTool {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private DataTool() {}

  /** Runs one verb and ends the process. */
  public static void main(String[] args) {
    System.exit(run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
  }

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine tool = new CommandLine(new DataTool());
    tool.setOut(out);
    tool.setErr(err);
    tool.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof AbideException || failure instanceof IllegalArgumentException) {
        err.println("abide data: " + line(failure));
      } else {
        err.println("abide data: " + failure.getClass().getSimpleName() + ": " + line(failure));
      }
      return FAILED;
    });
    tool.setParameterExceptionHandler((misuse, given) -> {
      err.println("abide data: " + line(misuse) + "; see ./abide data --help");
      return MISUSED;
    });
    if (args.length == 0) {
      tool.usage(out);
      return MISUSED;
    }
    return tool.execute(args);
  }

  private static String line(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
