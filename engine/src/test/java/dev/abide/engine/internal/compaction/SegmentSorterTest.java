package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what a segment is sorted to with the JDK's sort of what was committed. */
final class SegmentSorterTest {
  private static final ObjectHash HASH = new ObjectHash(History.IDENTITY.hashKey());
  private static final JournalOptions JOURNAL =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 8 << 20, 8 << 20);

  @TempDir Path directory;

  /** A change or a range; a deletion is one without a key, and comes last of its commit. */
  private record Step(ObjectKey object, String key, long number, boolean range, boolean deletion) {
    static final Comparator<Step> ORDER =
        Comparator.comparing(Step::object)
            .thenComparing(Step::key)
            .thenComparing(Step::number, Comparator.reverseOrder())
            .thenComparing(Step::range)
            .thenComparing(Step::deletion);

    @Override
    public String toString() {
      return object.name() + " " + key + " of " + number + (range ? ", a range" : "");
    }
  }

  private static ObjectName object(int n) {
    return HASH.name("cart", "id-" + n);
  }

  private static Commit puts(ObjectName name, String... keys) {
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      changes.add(new Change(key.getBytes(StandardCharsets.US_ASCII), new byte[] {1}));
    }
    return new Commit(name, false, List.of(), changes, ApplyListener.NONE);
  }

  private static Random random() {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("SegmentSorterTest -Dabide.seed=" + seed);
    return new Random(seed);
  }

  private void check(int commits, IntFunction<Commit> made) throws IOException {
    Disk disk = new FileDisk(directory);
    FileSet files = FileSet.open(disk, History.IDENTITY);
    Journal journal =
        Journal.recover(disk, History.IDENTITY, JOURNAL, files.start(), 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    List<Step> expected = new ArrayList<>();
    for (int n = 0; n < commits; n++) {
      Commit commit = made.apply(n);
      long number = journal.append(commit);
      ObjectKey object = ObjectKey.of(commit.name());
      if (commit.deletesObject()) {
        expected.add(new Step(object, "", number, true, true));
      }
      commit
          .cleared()
          .forEach(
              range -> expected.add(new Step(object, text(range.from()), number, true, false)));
      commit
          .changes()
          .forEach(one -> expected.add(new Step(object, text(one.key()), number, false, false)));
    }
    expected.sort(Step.ORDER);
    long last = journal.last();
    journal.awaitDurable(last);
    JournalSegment written = journal.current();
    JournalSegment whole =
        new JournalSegment(written.sequence(), written.bytes(), written.first(), last);
    try (SortMemory memory = SortMemory.shared(64)) {
      // Again, in memory that has been used.
      for (int n = 0; n < 2; n++) {
        assertThat(steps(SegmentSorter.read(disk, History.IDENTITY, whole, memory)))
            .isEqualTo(expected);
      }
    }
    ObjectKey one = expected.getLast().object();
    long above = expected.getLast().number() / 2;
    SegmentSorter.Filter wanted = (high, low) -> high == one.hashHigh && low == one.hashLow;
    assertThat(steps(SegmentSorter.read(disk, History.IDENTITY, whole, above, last, wanted)))
        .isEqualTo(
            expected.stream()
                .filter(step -> step.number() > above)
                .filter(step -> wanted.wants(step.object().hashHigh, step.object().hashLow))
                .toList());
    var _ = journal.close();
  }

  private static List<Step> steps(SegmentSorter sorter) throws IOException {
    List<Step> steps = new ArrayList<>();
    try (Cursor cursor = sorter.cursor()) {
      while (cursor.next()) {
        boolean deletion = cursor.isRange() && cursor.content() == null && cursor.key().length == 0;
        steps.add(
            new Step(
                cursor.object(), text(cursor.key()), cursor.number(), cursor.isRange(), deletion));
      }
    }
    return steps;
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  @Test
  void oneKey_newestFirst() throws IOException {
    check(1_000, n -> puts(object(1), "count"));
  }

  @Test
  void fewObjects_inTurns() throws IOException {
    check(1_000, n -> puts(object(n % 3), "count", "time"));
  }

  @Test
  void manyKeysOfOne_asTheyAscend() throws IOException {
    check(100, n -> puts(object(1), "k%03da".formatted(n), "k%03db".formatted(n)));
  }

  @Test
  void manyObjects() throws IOException {
    Random random = random();
    check(6_000, n -> puts(object(random.nextInt(4_000)), "count"));
  }

  /**
   * Buckets are of the first bits in which hashes differ: the last ones, or fewer than it takes.
   */
  @Test
  void hashesThatDifferInTheirLastBitsOnly() throws IOException {
    List<ObjectName> close = new ArrayList<>();
    for (int bits : new int[] {0, 1, 2, 1 << 9, 1 << 10, 1 << 11}) {
      close.add(new ObjectName("cart", "id-" + bits, 0x7fff_ffff_ffff_0000L | bits, 5));
    }
    Collections.shuffle(close, new Random(1));
    for (int objects = 1; objects <= close.size(); objects++) {
      int among = objects;
      check(200 * objects, n -> puts(close.get((n * 7) % among), "count"));
    }
  }

  @Test
  void allThatACommitCanDo_objectsOfOneHashToo() throws IOException {
    Random random = random();
    List<ObjectName> objects = new ArrayList<>(History.OBJECTS);
    IntStream.range(0, 20).mapToObj(SegmentSorterTest::object).forEach(objects::add);
    check(
        4_000,
        n -> {
          ObjectName name = objects.get(random.nextInt(objects.size()));
          if (random.nextInt(20) == 0) {
            return new Commit(name, true, List.of(), List.of(), ApplyListener.NONE);
          }
          byte[] from = {(byte) ('a' + random.nextInt(5))};
          List<KeyRange> cleared =
              random.nextInt(5) == 0 ? List.of(new KeyRange(from, null)) : List.of();
          String[] keys =
              random
                  .ints(random.nextInt(12), 'a', 'g')
                  .distinct()
                  .sorted()
                  .mapToObj(key -> "" + (char) key)
                  .toArray(String[]::new);
          return new Commit(name, false, cleared, puts(name, keys).changes(), ApplyListener.NONE);
        });
  }
}
