package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Identity;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A journal with small segments on some disk, a compactor that works when told, and a model: a
 * plain sorted map that is made anew from the list of commits for every number.
 */
final class History {
  static final Identity IDENTITY = new Identity(0x0123_4567_89ab_cdefL, new byte[16]);
  static final JournalOptions JOURNAL =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 1_024, 1_536);

  /** Enough to fold whenever there is something old. */
  static final CompactionOptions COMPACTION =
      new CompactionOptions(
          Duration.ZERO, Long.MAX_VALUE, 4, 3, Long.MIN_VALUE / 4, Long.MAX_VALUE);

  /** Several shards, the first and the last too, and three objects with one hash. */
  static final List<ObjectName> OBJECTS = objects();

  static final List<Integer> SHARDS =
      OBJECTS.stream().map(ObjectName::shard).distinct().sorted().toList();

  /** What a state holds of an object, under its name. */
  private static final Comparator<String> ORDER = Comparator.naturalOrder();

  final Disk disk;
  final Random random;
  final List<Commit> commits;
  FileSet files;
  Journal journal;
  Compactor compactor;

  /** What compaction takes for now; commits at or before it are old. */
  long nowMs;

  History(Disk disk, long seed) throws IOException {
    this(disk, new Random(seed), new ArrayList<>());
  }

  History(Disk disk, Random random, List<Commit> commits) throws IOException {
    this.disk = disk;
    this.random = random;
    this.commits = commits;
    open();
  }

  private static List<ObjectName> objects() {
    ObjectHash hash = new ObjectHash(IDENTITY.hashKey());
    List<ObjectName> objects = new ArrayList<>();
    for (int i = 0; objects.size() < 5; i++) {
      ObjectName name = hash.name("cart", "id-" + i);
      if (name.shard() == 0 || name.shard() == 17 || name.shard() == 63) {
        objects.add(name);
      }
    }
    ObjectName first = objects.getFirst();
    objects.add(new ObjectName("cart", "x", first.hashHigh(), first.hashLow()));
    objects.add(new ObjectName("car", "tx", first.hashHigh(), first.hashLow()));
    return objects;
  }

  /** Opens what is on the disk, as after a crash. */
  void open() throws IOException {
    files = FileSet.open(disk, IDENTITY);
    journal = Journal.recover(disk, IDENTITY, JOURNAL, files.start(), 0, _ -> {}, _ -> {});
    files.removeUnfinished((what, cause) -> {});
    files.segments(journal.sealed(), journal.current());
    Compactor.prepare(files, COMPACTION);
    files.removeCovered((what, cause) -> {});
    compactor = new Compactor(files, COMPACTION, new Around(), (InstantSource) this::now);
    journal.start(_ -> {}, files::begun, files.waiting());
  }

  private Instant now() {
    return Instant.ofEpochMilli(nowMs);
  }

  private final class Around implements Surroundings {
    @Override
    public void sorted() {
      journal.sorted();
    }

    @Override
    public boolean recycle(JournalSegment segment) {
      return journal.recycle(segment);
    }

    @Override
    public boolean applied(long number) {
      return true;
    }

    @Override
    public long liveBytes() {
      return Long.MAX_VALUE / 4;
    }

    @Override
    public void correctLiveBytes(long difference) {}

    @Override
    public void unreadable(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  // ---- the history

  void commit() throws IOException {
    if (files.waiting() >= 7) {
      // Else the commit would wait for a sort that nobody does.
      compactor.sort(Pace.FREE);
    }
    Commit commit = nextCommit();
    commits.add(commit);
    long number = journal.append(commit);
    assertThat(number).isEqualTo(commits.size());
    if (random.nextInt(3) > 0) {
      journal.awaitDurable(number);
    }
  }

  private Commit nextCommit() {
    ObjectName name = OBJECTS.get(random.nextInt(OBJECTS.size()));
    if (random.nextInt(25) == 0) {
      return new Commit(name, true, List.of(), List.of(), ApplyListener.NONE);
    }
    List<KeyRange> cleared = new ArrayList<>();
    for (int n = random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 0; n > 0; n--) {
      byte[] from = key();
      byte[] to = random.nextInt(4) == 0 ? null : key();
      // Some without any key.
      if (to == null || Arrays.compareUnsigned(from, to) <= 0) {
        cleared.add(new KeyRange(from, to));
      }
    }
    NavigableMap<byte[], Change> changes = new TreeMap<>(Arrays::compareUnsigned);
    for (int n = random.nextInt(5); n > 0; n--) {
      byte[] key = key();
      changes.put(key, new Change(key, random.nextInt(4) == 0 ? null : value()));
    }
    return new Commit(name, false, cleared, List.copyOf(changes.values()), ApplyListener.NONE);
  }

  private byte[] key() {
    byte[] alphabet = {0, 'a', 'b', (byte) 0x80, (byte) 0xff};
    byte[] key = new byte[random.nextInt(4)];
    for (int i = 0; i < key.length; i++) {
      key[i] = alphabet[random.nextInt(alphabet.length)];
    }
    return key;
  }

  private byte[] value() {
    int bytes =
        switch (random.nextInt(150)) {
          case 0 -> 70_000 + random.nextInt(100_000);
          case 1, 2 -> 0;
          default -> random.nextInt(40);
        };
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return value;
  }

  // ---- the comparison

  /** Compares every state that is kept with the model, and the refusal of all others. */
  void check() throws IOException {
    long end = journal.last();
    journal.awaitDurable(end);
    check(end);
  }

  void check(long end) throws IOException {
    NavigableMap<String, NavigableMap<String, String>> model = new TreeMap<>(ORDER);
    for (long number = 0; number <= end; number++) {
      if (number > 0) {
        apply(model, commits.get((int) number - 1));
      }
      for (int shard : SHARDS) {
        if (number < oldest(shard)) {
          long dropped = number;
          assertThatThrownBy(() -> State.open(files, shard, dropped).close())
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("after commit " + dropped + " was dropped");
        } else {
          assertThat(read(shard, number))
              .as("shard %s after commit %s of %s", shard, number, end)
              .isEqualTo(ofShard(model, shard));
        }
      }
    }
    assertThat(read(1, end)).isEmpty();
  }

  long oldest(int shard) throws IOException {
    try (FileSet.Pinned pinned = files.pin()) {
      return pinned.oldest(shard);
    }
  }

  private static void apply(
      NavigableMap<String, NavigableMap<String, String>> model, Commit commit) {
    NavigableMap<String, String> entries =
        model.computeIfAbsent(commit.name().toString(), _ -> new TreeMap<>());
    if (commit.deletesObject()) {
      entries.clear();
    }
    for (KeyRange range : commit.cleared()) {
      entries.keySet().removeIf(key -> range.contains(HexFormat.of().parseHex(key)));
    }
    for (Change change : commit.changes()) {
      String key = HexFormat.of().formatHex(change.key());
      if (change.value() == null) {
        entries.remove(key);
      } else {
        entries.put(key, digest(change.value()));
      }
    }
  }

  private static String digest(byte[] value) {
    return value.length < 50
        ? HexFormat.of().formatHex(value)
        : value.length + " bytes " + Arrays.hashCode(value);
  }

  /** Objects without entries do not exist. */
  private static List<String> ofShard(
      NavigableMap<String, NavigableMap<String, String>> model, int shard) {
    List<String> all = new ArrayList<>();
    for (ObjectName name :
        OBJECTS.stream()
            .filter(object -> object.shard() == shard)
            .sorted(Comparator.comparing(ObjectKey::of))
            .toList()) {
      NavigableMap<String, String> entries = model.get(name.toString());
      if (entries != null) {
        entries.forEach((key, value) -> all.add(name + " " + key + "=" + value));
      }
    }
    return all;
  }

  /** What the shard had after a commit, by the model. */
  List<String> model(int shard, long number) {
    NavigableMap<String, NavigableMap<String, String>> model = new TreeMap<>(ORDER);
    for (int i = 0; i < number; i++) {
      apply(model, commits.get(i));
    }
    return ofShard(model, shard);
  }

  List<String> read(int shard, long number) throws IOException {
    return read(files, shard, number);
  }

  static List<String> read(FileSet files, int shard, long number) throws IOException {
    List<String> all = new ArrayList<>();
    try (State state = State.open(files, shard, number)) {
      while (state.next()) {
        all.add(
            state.object()
                + " "
                + HexFormat.of().formatHex(state.key())
                + "="
                + digest(state.value()));
      }
    }
    return all;
  }

  /** Makes some of the runs old, so that they may be thinned and folded. */
  void ageSome() {
    List<SortedFile> runs = files.runs();
    if (!runs.isEmpty()) {
      nowMs = Math.max(nowMs, runs.get(random.nextInt(runs.size())).tail().time());
    }
  }

  @Nullable SortedFile newestOld() {
    SortedFile newest = null;
    for (SortedFile run : files.runs()) {
      newest = run.tail().time() <= nowMs ? run : newest;
    }
    return newest;
  }

  void close() throws IOException {
    var _ = journal.close();
  }
}
