package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Tool.Answer;
import dev.abide.engine.Abide;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Directories are compacted, rebuilt, and saved from damage. */
@Timeout(240)
final class MaintenanceTest {
  private static final int OBJECTS = 40;

  @TempDir Path temp;

  private Answer run(Object... arguments) throws Exception {
    return Tool.run(temp, arguments);
  }

  /** Many ledgers, each of whose sums was 1, 2 and 3. */
  private Path data() {
    Path data = temp.resolve("data");
    try (Abide abide = LedgerObject.open(data)) {
      for (int cents = 0; cents < 3; cents++) {
        for (int i = 0; i < OBJECTS; i++) {
          abide
              .get(Ledger.class, "l" + i)
              .add(new Entry("x", 1, Optional.empty(), List.of()), LedgerObject.WHEN);
        }
      }
    }
    return data;
  }

  private static void isAllThere(Path data) {
    try (Abide abide = LedgerObject.open(data)) {
      assertThat(abide.ids(Ledger.class)).hasSize(OBJECTS);
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(abide.get(Ledger.class, "l" + i).sum()).isEqualTo(3);
      }
    }
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  /** The application may keep more than a day. */
  @Test
  void compact_dropsNothing_whereItIsNotToldWhat() throws Exception {
    Path data = temp.resolve("old");
    for (int day = 9; day > 0; day--) {
      Instant then = Instant.now().minus(Duration.ofDays(day));
      try (DiskStore store =
          DiskStore.open(
              data,
              new StoreOptions(
                  new JournalOptions(1 << 20, Duration.ofSeconds(60), 1 << 20, 1 << 20, () -> then),
                  CompactionOptions.keeping(Duration.ofDays(90), Long.MAX_VALUE)),
              disk -> disk,
              failed -> {})) {
        store.append(
            new Commit(
                store.name("t", "id"),
                false,
                List.of(),
                List.of(new Change(new byte[] {1}, new byte[] {(byte) day})),
                ApplyListener.NONE));
        store.compact();
      }
    }

    Answer compacted = run("compact", data);

    assertThat(compacted.exit()).as("%s", compacted).isZero();
    assertThat(compacted.out()).contains("after commit 0. Nothing was dropped");
    assertThat(run("show", data, "t", "id", "--at", "1").exit()).isZero();
    assertThat(run("compact", data, "--retention", "P2D").out())
        .doesNotContain("after commit 0")
        .doesNotContain("Nothing was dropped");
  }

  @Test
  void compact_dropsThePast_andKeepsThePresent() throws Exception {
    Path data = data();
    Tool.isOneLine(run("compact", data, "--retention", "soon"), 2, "\"soon\" is no time");
    assertThat(run("compact", data).exit()).as("nothing is a day old").isZero();
    assertThat(run("show", data, "ledger", "l1", "--at", "50").exit()).isZero();

    Answer compacted = run("compact", data, "--retention", "PT0S", "--json");

    assertThat(compacted.exit()).as("%s", compacted).isZero();
    JsonNode said = Verb.json(compacted.out());
    assertThat(said.get("oldestBefore").asLong()).isZero();
    assertThat(said.get("oldestNow").asLong()).isGreaterThan(100);
    assertThat(files(data, "base-")).hasSize(64);
    Tool.isOneLine(
        run("show", data, "ledger", "l1", "--at", "50"),
        1,
        "the state after commit 50 was dropped; the oldest one that is kept is that after commit");
    Tool.isOneLine(
        run("restore", data, temp.resolve("no"), "--at", "50"),
        1,
        "the state after commit 50 was dropped");
    Tool.isOneLine(
        run("show", data, "ledger", "l1", "--at", "2020-01-01T00:00:00Z"),
        1,
        "what was stored at 2020-01-01T00:00:00Z was dropped");
    isAllThere(data);
  }

  @Test
  void rebuild_makesAllMapsAnew_whateverTheyAre() throws Exception {
    Path data = data();
    for (Path map : files(data, "map-")) {
      byte[] bytes = Files.readAllBytes(map);
      for (int at = bytes.length / 2; at < bytes.length; at++) {
        bytes[at] = 'x';
      }
      Files.write(map, bytes);
    }

    Answer rebuilt = run("rebuild", data);

    assertThat(rebuilt.exit()).as("%s", rebuilt).isZero();
    assertThat(rebuilt.out()).contains("rebuilt the store of " + data + " up to commit");
    isAllThere(data);
  }

  @Test
  void everyVerb_printsJson_ifAskedTo() throws Exception {
    Path data = data();
    Path file = temp.resolve("lines");
    Files.writeString(file, run("export", data, "--json").out());
    List<List<Object>> all =
        List.of(
            List.of("info", data),
            List.of("verify", data),
            List.of("objects", data),
            List.of("show", data, "ledger", "l1"),
            List.of("history", data, "ledger", "l1"),
            List.of("export", data),
            List.of("import", temp.resolve("imported"), file),
            List.of("backup", data, temp.resolve("backup")),
            List.of("verify", temp.resolve("backup")),
            List.of("restore", temp.resolve("backup"), temp.resolve("restored")),
            List.of("compact", data),
            List.of("rebuild", data));
    for (List<Object> verb : all) {
      Answer answer = run(Stream.concat(verb.stream(), Stream.of("--json")).toArray());
      assertThat(answer.exit()).as("%s: %s", verb, answer).isZero();
      assertThat(answer.err()).as("%s", verb).isEmpty();
      assertThat(answer.out()).as("%s", verb).isNotEmpty();
      assertThat(answer.out().lines()).as("%s", verb).allMatch(line -> Verb.json(line).isObject());
    }
    isAllThere(temp.resolve("imported"));
    isAllThere(temp.resolve("restored"));
  }

  @Test
  void aTargetThatIsSomethingElse_isRefused_andNothingIsPutThere() throws Exception {
    Path data = data();
    Path foreign = Files.createDirectory(temp.resolve("foreign"));
    Files.writeString(foreign.resolve("letter"), "dear");

    Tool.isOneLine(run("restore", data, foreign), 1, "the target has a file letter");
    Tool.isOneLine(run("backup", data, foreign), 1, "the target has a file letter");
    assertThat(files(foreign, "")).containsExactly(foreign.resolve("letter"));
    Tool.isOneLine(run("restore", data, data), 2, "is the directory itself");
    Tool.isOneLine(run("backup", data, data.resolve(".")), 2, "is the directory itself");
    Path letter = Files.writeString(temp.resolve("letter"), "dear");
    Tool.isOneLine(
        run("import", data, letter), 1, "letter, line 1: it is no JSON: Unrecognized token 'dear'");
    isAllThere(data);
  }

  // ---- damage

  private static void refusesToOpen(Path data, String file) {
    Assertions.assertThatThrownBy(() -> LedgerObject.open(data))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining(file);
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void ofADamagedSegment_whatLiesBeforeIsSaved() throws Exception {
    Path data = data();
    Path segment = Tool.file(data, "segment-");
    // The middle of what was written.
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    flip(segment, end / 2);
    // After a clean close an open reads no more of the journal than its end.
    Files.delete(data.resolve("shards"));
    refusesToOpen(data, segment.getFileName().toString());

    Answer verified = run("verify", data, "--json");

    assertThat(verified.exit()).isEqualTo(Verb.DAMAGED);
    List<JsonNode> said = verified.out().lines().map(Verb::json).toList();
    assertThat(said.getFirst().get("damage").stringValue())
        .contains(segment.getFileName() + " at offset ")
        .contains("had been synced, and cannot be read");
    long last = said.getLast().get("lastCommit").asLong();
    assertThat(last).isBetween(30L, 100L);
    assertThat(said.getLast().get("objectsThatCanBeRead").asLong()).isPositive();
    assertThat(said.getLast().get("shardsThatAreNotWhole")).isEmpty();
    Tool.isOneLine(
        run("restore", data, temp.resolve("saved")), 1, segment.getFileName().toString());

    Answer saved = run("restore", data, temp.resolve("saved"), "--salvage");

    assertThat(saved.exit()).as("%s", saved).isZero();
    assertThat(saved.out()).contains("to the state after commit " + last);
    try (Abide abide = LedgerObject.open(temp.resolve("saved"))) {
      long turns = 0;
      for (int i = 0; i < OBJECTS; i++) {
        turns += abide.get(Ledger.class, "l" + i).sum();
      }
      // Three commits describe the cells and the map.
      assertThat(turns).isEqualTo(last - 3);
    }
  }

  @Test
  void ofADamagedRun_whatLiesBeforeIsSaved_shardByShard() throws Exception {
    Path data = data();
    assertThat(run("compact", data, "--retention", "PT0S").exit()).isZero();
    Path damaged = null;
    for (Path base : files(data, "base-")) {
      if (damaged == null || Files.size(base) > Files.size(damaged)) {
        damaged = base;
      }
    }
    assertThat(damaged).as("a base with objects").isNotNull();
    String name = damaged.getFileName().toString();
    flip(damaged, 200);

    Answer verified = run("verify", data, "--json");

    assertThat(verified.exit()).isEqualTo(Verb.DAMAGED);
    JsonNode last = Verb.json(verified.out().lines().toList().getLast());
    assertThat(verified.out()).contains(name + " at offset 72");
    assertThat(last.get("shardsThatAreNotWhole")).hasSize(1);
    long readable = last.get("objectsThatCanBeRead").asLong();
    assertThat(readable).isBetween(1L, OBJECTS - 1L);

    Answer refused = run("restore", data, temp.resolve("no"), "--salvage");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains(name);
    Answer export = run("export", data, "--salvage");
    assertThat(export.exit()).isEqualTo(Verb.DAMAGED);
    assertThat(export.err()).contains(name);
    Path lines = Files.writeString(temp.resolve("saved.jsonl"), export.out());
    assertThat(run("import", temp.resolve("saved"), lines).exit()).isZero();
    try (Abide abide = LedgerObject.open(temp.resolve("saved"))) {
      assertThat(abide.ids(Ledger.class).toList())
          .hasSize((int) readable)
          .allMatch(id -> abide.get(Ledger.class, id).sum() == 3);
    }
  }

  @Test
  void withoutItsIdentity_orAFile_aDirectoryIsStillRead_whereRunsSayWhoseTheyAre()
      throws Exception {
    Path data = data();
    assertThat(run("compact", data, "--retention", "PT0S").exit()).isZero();
    Files.delete(data.resolve("identity"));
    Path gone = files(data, "base-").getFirst();
    Files.delete(gone);

    Tool.isOneLine(run("objects", data), 1, "has no identity file");
    Answer verified = run("verify", data);

    assertThat(verified.exit()).isEqualTo(Verb.DAMAGED);
    assertThat(verified.out())
        .contains("has no identity file")
        .contains("1 of 64 shards not to their ends");
    Answer export = run("export", data, "--salvage");
    assertThat(export.exit()).isEqualTo(Verb.DAMAGED);
    assertThat(export.err()).contains("of shard 0 of 64 files are missing or damaged");
    assertThat(export.out()).contains("\"cell\":\"sum\",\"value\":3");
  }
}
