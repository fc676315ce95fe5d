package dev.abide.jmh;

import dev.abide.jmh.report.Comparison;
import dev.abide.jmh.report.Merge;
import dev.abide.jmh.report.MisuseException;
import dev.abide.jmh.report.Page;
import dev.abide.jmh.report.Results;
import dev.abide.jmh.report.ResultsFile;
import dev.abide.jmh.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** What {@code ./abide bench} runs. */
public final class Bench {
  private Bench() {}

  /**
   * {@code [PATTERN] [--long] [--out DIR]}, {@code compare A.json B.json}, {@code compare A1.json
   * A2.json ... -- B1.json B2.json ...}, {@code merge A.json B.json ... --out DIR} or {@code
   * footprint [COUNT] [--sleeping COUNT]}. Ends with 2 where it was misused and with 1 where it
   * failed.
   */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    try {
      switch (Arguments.of(args)) {
        case Arguments.Run run -> measure(run, out);
        case Arguments.Compare compare ->
            out.print(Comparison.of(read(compare.before()), read(compare.after())));
        case Arguments.Merge merge -> merge(merge, out);
        case Arguments.Memory memory -> Footprint.run(memory, out);
      }
      return 0;
    } catch (MisuseException e) {
      err.println("bench: " + e.getMessage());
      return 2;
    } catch (RunnerException e) {
      err.println(
          "bench: JMH says: "
              + String.valueOf(e.getMessage()).strip()
              + "; its logs lie in the directory of the results");
      return 1;
    } catch (IOException e) {
      err.println("bench: " + e);
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("bench: interrupted");
      return 1;
    }
  }

  private static void measure(Arguments.Run run, PrintStream out)
      throws IOException, RunnerException {
    List<Suite.Chosen> chosen = Suite.choose(run.pattern(), !run.longMode());
    Path directory = run.out().orElseGet(Bench::newDirectory);
    make(directory);
    Pace pace = run.longMode() ? Pace.LONG : Pace.SHORT;
    write(directory, new Measuring(pace, directory.resolve("jmh"), out).run(chosen), out);
  }

  private static List<Results> read(List<Path> files) {
    return files.stream().map(ResultsFile::read).toList();
  }

  private static void merge(Arguments.Merge merge, PrintStream out) throws IOException {
    List<Merge.Part> parts =
        merge.parts().stream()
            .map(file -> new Merge.Part(file.toString(), ResultsFile.read(file)))
            .toList();
    Results merged = Merge.of(parts);
    make(merge.out());
    write(merge.out(), merged, out);
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new MisuseException(directory + " cannot be made a directory; give --out another one");
    }
  }

  static void write(Path directory, Results results, PrintStream out) throws IOException {
    Path json = directory.resolve("results.json");
    Path page = directory.resolve("results.html");
    ResultsFile.write(json, results);
    Files.writeString(page, Page.of(results));
    out.println();
    out.print(Table.of(results));
    out.println("written: " + json + " and " + page);
  }

  private static Path newDirectory() {
    String now =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .format(LocalDateTime.now(ZoneId.systemDefault()));
    return Path.of(System.getProperty("abide.bench.out", "bench-results"), now);
  }
}
