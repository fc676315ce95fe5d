package dev.abide.data;

import dev.abide.engine.AbideException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
      InfoVerb.class,
      Verify.class,
      Objects.class,
      Show.class,
      History.class,
      ExportVerb.class,
      ImportVerb.class,
      BackupVerb.class,
      RestoreVerb.class,
      CompactVerb.class,
      RebuildVerb.class
    },
    mixinStandardHelpOptions = true)
public final class DataTool {
  private static final int MISUSED = 2;

  private DataTool() {}

  /** Runs one verb and ends the process. */
  public static void main(String[] args) {
    // What is printed is read by other tools, whatever the terminal's own encoding is.
    System.exit(
        run(
            args,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
  }

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine tool = new CommandLine(new DataTool());
    tool.setOut(out);
    tool.setErr(err);
    tool.setExecutionExceptionHandler((failure, command, parsed) -> {
      boolean refused =
          failure instanceof AbideException || failure instanceof IllegalArgumentException;
      String kind = refused ? "" : failure.getClass().getSimpleName() + ": ";
      err.println("abide data: " + kind + line(failure));
      if (!refused && !(failure instanceof IOException)) {
        // A bug, which nobody finds in one line.
        failure.printStackTrace(err);
      }
      return Verb.FAILED;
    });
    tool.setParameterExceptionHandler((misuse, given) -> {
      boolean noVerb = misuse.getCommandLine().equals(tool) && given.length > 0;
      String what = noVerb ? "there is no verb \"" + given[0] + "\"" : line(misuse);
      err.println("abide data: " + what + "; see ./abide data --help");
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
