package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Ledger.Kind;
import dev.abide.data.Ledger.Note;
import dev.abide.data.Tool.Answer;
import dev.abide.engine.Abide;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.spi.CborWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What export prints is JSON that people can read, and import takes back without a loss. */
@Timeout(240)
final class ExportTest {
  private static final Instant DUE = Instant.parse("2126-01-01T00:00:00Z");

  @TempDir Path temp;

  private Answer run(Object... arguments) throws Exception {
    return Tool.run(temp, arguments);
  }

  /** Ledgers, one with an alarm, and ids that are awkward in text. */
  private Path data() {
    Path data = LedgerObject.written(temp.resolve("data"));
    try (Abide abide = LedgerObject.open(data)) {
      abide.get(Ledger.class, "ann").remind(DUE);
      abide
          .get(Ledger.class, "zoë \uD83D\uDE00\n\"x\"")
          .add(
              new Entry("a\u0000b", -7, Optional.of(Kind.PAID), List.of(new Note("\u2028é"))),
              Instant.parse("-0044-03-15T12:00:00.000000001Z"));
    }
    return data;
  }

  private static List<String> objects(Answer export) {
    assertThat(export.exit()).as("%s", export).isZero();
    List<String> lines = export.out().lines().toList();
    assertThat(lines.getFirst()).startsWith("{\"abide\":\"export\",\"format\":1,\"lastCommit\":");
    assertThat(lines.getLast()).startsWith("{\"end\":true,\"objects\":");
    return lines.subList(1, lines.size() - 1);
  }

  @Test
  void whatIsExported_isReadable_andImportedAsItWas() throws Exception {
    Path data = data();
    Answer export = run("export", data);
    assertThat(export.err()).isEmpty();
    assertThat(objects(export))
        .contains("{\"type\":\"ledger\",\"id\":\"ann\",\"cell\":\"sum\",\"value\":650}")
        .contains(
            "{\"type\":\"ledger\",\"id\":\"ann\",\"map\":\"entries\",\"key\":\"2026-11-27T03:00:00Z\",\"value\":{\"text\":\"tea\",\"cents\":250,\"kind\":\"OWED\",\"marks\":[{\"star\":{}},{\"note\":{\"says\":\"hot\"}}]}}")
        .filteredOn(line -> line.contains("\"schema\""))
        .hasSize(3);
    assertThat(objects(run("export", data, "--type", "ledger", "--prefix", "b")))
        .filteredOn(line -> line.contains("\"id\""))
        .allMatch(line -> line.contains("\"id\":\"bob\""))
        .hasSize(3);
    Path file = Files.writeString(temp.resolve("all.jsonl"), export.out());

    Answer imported = run("import", temp.resolve("new"), file, "--json");

    assertThat(imported.exit()).as("%s", imported).isZero();
    assertThat(Verb.json(imported.out()).get("objects").asInt()).isEqualTo(3);
    assertThat(objects(run("export", temp.resolve("new"))))
        .containsExactlyInAnyOrderElementsOf(objects(export));
    try (Abide abide = LedgerObject.open(temp.resolve("new"))) {
      assertThat(abide.ids(Ledger.class)).containsExactly("ann", "bob", "zoë \uD83D\uDE00\n\"x\"");
      assertThat(abide.get(Ledger.class, "ann").sum()).isEqualTo(650);
      assertThat(abide.get(Ledger.class, "ann").reminder()).contains(DUE);
    }
  }

  /**
   * A line that says nothing would take the place of the one that says what this release can't
   * read.
   */
  @Test
  void ofASchemaOfANewerRelease_nothingIsSaid_andValuesAreBytes() throws Exception {
    Path data = data();
    CborWriter newer = new CborWriter();
    newer.beginArray(1);
    newer.writeInt(99);
    try (DiskStore store = DiskStore.open(data, Verb.keepingAll(), disk -> disk, failed -> {})) {
      store.append(
          new Commit(
              store.name(SchemaRecords.TYPE, "ledger"),
              false,
              List.of(),
              List.of(new Change(StorageKeys.cell("sum"), newer.toBytes())),
              ApplyListener.NONE));
    }

    Answer export = run("export", data);

    assertThat(objects(export))
        .noneMatch(line -> line.contains("\"schema\"") && line.contains("\"cell\":\"sum\""))
        .anyMatch(line ->
            line.startsWith("{\"type\":\"ledger\",\"id\":\"ann\",\"cell\":\"sum\",\"bytes\":"));
    Path file = Files.writeString(temp.resolve("newer.jsonl"), export.out());
    assertThat(run("import", temp.resolve("new"), file).exit()).isZero();
    assertThat(objects(run("export", temp.resolve("new"))))
        .containsExactlyInAnyOrderElementsOf(objects(export));
  }

  @Test
  void aValueThatWasEdited_isImported_inPlaceOfTheOldOne() throws Exception {
    Path data = data();
    String export = run("export", data, "--prefix", "bob").out();
    String edited =
        export.replace("\"cell\":\"sum\",\"value\":1}", "\"cell\":\"sum\",\"value\":5}");
    assertThat(edited).isNotEqualTo(export);
    Path file = Files.writeString(temp.resolve("edited"), edited);
    List<String> before = objects(run("export", data));

    Tool.isOneLine(
        run("import", data, file), 1, "ledger/bob is in ", "--replace", "Nothing was changed");
    assertThat(objects(run("export", data))).isEqualTo(before);
    assertThat(run("import", data, file, "--replace").exit()).isZero();

    try (Abide abide = LedgerObject.open(data)) {
      assertThat(abide.get(Ledger.class, "bob").sum()).isEqualTo(5);
      assertThat(abide.get(Ledger.class, "ann").sum()).isEqualTo(650);
    }
  }

  @Test
  void whatCannotBeStored_isRefusedWithItsLine_andChangesNothing() throws Exception {
    Path data = data();
    String export = run("export", data).out();
    Path target = temp.resolve("target");
    LedgerObject.open(target).close();
    List<String> before = objects(run("export", target));

    refused(target, export.substring(0, export.lastIndexOf("{\"end\"")), "it was cut off");
    refused(target, export.replace("\"OWED\"", "\"LENT\""), "line ", "Kind has no constant LENT");
    refused(target, export.replace("\"value\":650", "\"value\":6.5"), "6.5 is no whole number");
    refused(target, export.replace("\"value\":650", "\"valeu\":650"), "\"valeu\", which means");
    refused(target, export.replace("\"cents\":250,", ""), "component cents of Entry is not there");
    refused(target, export.replace("03:00:00Z\"", "yesterday\""), "could not be parsed");
    refused(target, export.replace("\"format\":1", "\"format\":2"), "it has format 2", "reads 1");
    refused(target, "not json\n", "line 1");
    refused(target, "", "it was cut off");
    String head = "{\"abide\":\"export\",\"format\":1}\n";
    String a = "{\"type\":\"t\",\"id\":\"a\",\"cell\":\"x\",\"bytes\":\"AQ==\"}\n";
    String b = a.replace("\"a\"", "\"b\"");
    String end = "{\"end\":true}\n";
    refused(
        target, head + a.replace("\"t\"", "\"\\u0001ids\"") + end, "no type of objects is called");
    refused(target, head + a + b + a + end, "line 4", "t/a comes twice");
    refused(target, head + a + end + b, "line 4", "it follows the line that ends the export");
    refused(target, head + a.replace("AQ==", "?") + end, "line 2", "is not base 64");
    refused(
        target,
        export.replace("\"value\":650", "\"value\":650,\"bytes\":\"AQ==\""),
        "it has both \"value\" and \"bytes\"");

    assertThat(objects(run("export", target))).isEqualTo(before);
    Path foreign = Files.createDirectories(temp.resolve("foreign"));
    Files.writeString(foreign.resolve("mine.txt"), "x");
    Path file = Files.writeString(temp.resolve("all"), export);
    Tool.isOneLine(run("import", foreign, file), 2, "is not empty and no directory of Abide");
    assertThat(foreign.toFile().list()).containsExactly("mine.txt");
    Tool.isOneLine(run("import", target, temp.resolve("nowhere")), 2, "there is no file");
  }

  private void refused(Path target, String lines, String... parts) throws Exception {
    Path file = Files.writeString(temp.resolve("wrong"), lines);
    boolean isThere = Files.exists(target);
    Answer answer = run("import", target, file);
    Tool.isOneLine(answer, 1, parts);
    assertThat(Files.exists(target)).isEqualTo(isThere);
    assertThat(answer.err()).contains("Nothing was changed");
  }

  @Test
  void thePast_isExported() throws Exception {
    Path data = data();
    // Commits 1 to 3 describe the two cells and the map.
    assertThat(objects(run("export", data, "--at", "4")))
        .contains("{\"type\":\"ledger\",\"id\":\"ann\",\"cell\":\"sum\",\"value\":250}")
        .noneMatch(line -> line.contains("\"id\":\"bob\""));
  }
}
