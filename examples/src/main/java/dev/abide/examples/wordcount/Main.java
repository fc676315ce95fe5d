package dev.abide.examples.wordcount;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
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
  private static final String STANDARD_INPUT = "-";
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
      // A path is a source, however often it is given.
      return new Options(
          data,
          top,
          progress,
          files.stream().map(file -> file.toAbsolutePath().normalize()).distinct().toList());
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
      count(STANDARD_INPUT, System.in);
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
      count(file.toString(), in);
    } finally {
      filesAtOnce.release();
    }
  }

  private void count(String name, InputStream in) throws Exception {
    Source source = abide.get(Source.class, name);
    long begun = source.begun();
    Batch batch = new Batch(in);
    long number = 0;
    while (batch.read()) {
      if (++number < begun) {
        continue;
      }
      // Durable before the first word of the batch is counted, so that an input that is not the
      // same one is found however the process ended.
      if (!source.begin(number, batch.digest())) {
        throw changed(name);
      }
      count(name, number, batch.words);
      if (options.progress()) {
        System.err.println("counted batch " + number + " of " + name);
      }
    }
    if (number < begun) {
      throw changed(name);
    }
  }

  private Refused changed(String name) {
    return new Refused(
        (name.equals(STANDARD_INPUT) ? "standard input" : name)
            + " is not what was counted into "
            + options.data()
            + " before; give another --data");
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

  /** The words of a text, part by part, cut at the first end of a word behind so many bytes. */
  private static final class Batch {
    final Map<String, Integer> words = new HashMap<>();
    private final InputStream in;
    private final MessageDigest digest = sha256();
    private final byte[] buffer = new byte[BATCH_BYTES];
    private final StringBuilder word = new StringBuilder();
    private int at;
    private int end;

    Batch(InputStream in) {
      this.in = in;
    }

    /** False at the end of the text. */
    boolean read() throws IOException {
      words.clear();
      int bytes = 0;
      while (fill()) {
        int from = at;
        boolean full = false;
        while (at < end && !full) {
          int next = buffer[at++];
          bytes++;
          int letter = next >= 'A' && next <= 'Z' ? next + ('a' - 'A') : next;
          if (letter >= 'a' && letter <= 'z') {
            letter((char) letter);
          } else {
            endWord();
            full = bytes >= BATCH_BYTES;
          }
        }
        digest.update(buffer, from, at - from);
        if (full) {
          return true;
        }
      }
      endWord();
      return bytes > 0;
    }

    /** Of the text from its start to the end of this batch. */
    String digest() {
      try {
        return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
      } catch (CloneNotSupportedException e) {
        throw new AssertionError("the JDK's own SHA-256 can be cloned", e);
      }
    }

    private boolean fill() throws IOException {
      if (at == end) {
        at = 0;
        end = Math.max(in.read(buffer), 0);
      }
      return at < end;
    }

    private void letter(char letter) {
      if (word.length() == WORD_LETTERS_MAX) {
        throw new Refused(
            "a word has more than "
                + WORD_LETTERS_MAX
                + " letters, the most that the id of an object may have");
      }
      word.append(letter);
    }

    private void endWord() {
      if (!word.isEmpty()) {
        words.merge(word.toString(), 1, Integer::sum);
        word.setLength(0);
      }
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
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
