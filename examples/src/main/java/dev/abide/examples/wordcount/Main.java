package dev.abide.examples.wordcount;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Reads texts batch by batch and counts their words, many at once. */
public final class Main {
  private static final int BATCH_BYTES = 32 * 1024;
  private static final int FILES_AT_ONCE = 4;
  private static final int CALLS_AT_ONCE = 512;
  private static final int WORD_LETTERS_MAX = 1024;

  private static final String USAGE =
      "usage: wordcount [--data DIR] [--top N | --all] [--progress] [FILE...]   (no FILE: standard input)";

  /** What cannot be done, and why; printed as one line. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private record Options(Path data, long top, boolean progress, List<Path> files) {
    static Options parse(String[] args) {
      Path data = Path.of("data", "wordcount");
      long top = 20;
      boolean progress = false;
      List<Path> files = new ArrayList<>();
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--data" -> data = Path.of(value(args, ++i));
          case "--top" -> top = number(value(args, ++i));
          case "--all" -> top = Long.MAX_VALUE;
          case "--progress" -> progress = true;
          default -> {
            if (args[i].startsWith("--")) {
              throw new Refused("unknown option " + args[i] + "; " + USAGE);
            }
            files.add(Path.of(args[i]));
          }
        }
      }
      for (Path file : files) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
          throw new Refused(file + " is not a file that can be read");
        }
      }
      return new Options(data, top, progress, files);
    }

    private static String value(String[] args, int at) {
      if (at >= args.length) {
        throw new Refused(args[at - 1] + " needs a value; " + USAGE);
      }
      return args[at];
    }

    private static long number(String text) {
      try {
        long number = Long.parseLong(text);
        if (number >= 1) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw new Refused("--top " + text + " is not a number; " + USAGE);
      }
      throw new Refused("--top " + text + " is below 1; " + USAGE);
    }
  }

  private final Abide abide;
  private final Options options;
  private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
  private final Semaphore filesAtOnce = new Semaphore(FILES_AT_ONCE);

  private Main(Abide abide, Options options) {
    this.abide = abide;
    this.options = options;
  }

  /** Counts and prints. */
  public static void main(String[] args) throws Exception {
    try {
      Options options = Options.parse(args);
      try (Abide abide =
          Abide.open(
              options.data(),
              engine ->
                  engine
                      .host(Word.class, Word.WordObject::new)
                      .host(Source.class, Source.SourceObject::new))) {
        Main run = new Main(abide, options);
        run.countAll();
        run.print();
      }
    } catch (Refused | AbideException | IllegalStateException e) {
      System.err.println("wordcount: " + e.getMessage());
      System.exit(1);
    }
  }

  private void countAll() throws Exception {
    if (options.files().isEmpty()) {
      count("-", "standard input", System.in);
      return;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> counted = new ArrayList<>();
      for (Path file : options.files()) {
        counted.add(
            threads.submit(() -> {
              countFile(file);
              return null;
            }));
      }
      for (Future<?> one : counted) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void countFile(Path file) throws Exception {
    filesAtOnce.acquire();
    try (InputStream in = Files.newInputStream(file)) {
      String fingerprint = Files.size(file) + " bytes of " + Files.getLastModifiedTime(file);
      count(file.toAbsolutePath().normalize().toString(), fingerprint, in);
    } finally {
      filesAtOnce.release();
    }
  }

  private void count(String name, String fingerprint, InputStream raw) throws Exception {
    Source source = abide.get(Source.class, name);
    if (!source.isSame(fingerprint)) {
      throw new Refused(
          name
              + " has changed since it was counted into "
              + options.data()
              + "; give another --data");
    }
    long done = source.done();
    InputStream in = new BufferedInputStream(raw, BATCH_BYTES);
    Batch batch = new Batch();
    for (long number = 1; batch.read(in); number++) {
      if (number > done) {
        count(name, number, batch.words);
        source.finish(number);
        if (options.progress()) {
          System.err.println("counted batch " + number + " of " + name);
        }
      }
    }
  }

  /** Every word of a batch at once; returns when all of them are durable. */
  private void count(String source, long number, Map<String, Integer> words) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> counted = new ArrayList<>(words.size());
      for (Map.Entry<String, Integer> word : words.entrySet()) {
        calls.acquire();
        counted.add(
            threads.submit(() -> {
              try {
                abide.get(Word.class, word.getKey()).count(source, number, word.getValue());
              } finally {
                calls.release();
              }
            }));
      }
      for (Future<?> one : counted) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** The words of the next part of a text, cut at the first end of a word behind so many bytes. */
  private static final class Batch {
    final Map<String, Integer> words = new HashMap<>();
    private final StringBuilder word = new StringBuilder();

    /** False at the end of the text. */
    boolean read(InputStream in) throws IOException {
      words.clear();
      int bytes = 0;
      int next;
      while ((next = in.read()) >= 0) {
        bytes++;
        int letter = next >= 'A' && next <= 'Z' ? next + ('a' - 'A') : next;
        if (letter >= 'a' && letter <= 'z') {
          word.append((char) letter);
          if (word.length() > WORD_LETTERS_MAX) {
            throw new Refused(
                "a word has more than "
                    + WORD_LETTERS_MAX
                    + " letters, the most that the id of an object may have");
          }
        } else {
          endWord();
          if (bytes >= BATCH_BYTES) {
            return true;
          }
        }
      }
      endWord();
      return bytes > 0;
    }

    private void endWord() {
      if (!word.isEmpty()) {
        words.merge(word.toString(), 1, Integer::sum);
        word.setLength(0);
      }
    }
  }

  private record Line(String word, long total) {}

  private void print() {
    List<Line> lines = new ArrayList<>();
    try (Stream<String> words = abide.ids(Word.class)) {
      words.forEach(word -> lines.add(new Line(word, abide.get(Word.class, word).total())));
    }
    lines.sort(Comparator.comparingLong(Line::total).reversed().thenComparing(Line::word));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    lines.stream()
        .limit(options.top())
        .forEach(line -> out.printf("%7d %s%n", line.total(), line.word()));
    out.flush();
  }
}
