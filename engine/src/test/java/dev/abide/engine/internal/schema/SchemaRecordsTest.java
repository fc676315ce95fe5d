package dev.abide.engine.internal.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.Abide;
import dev.abide.engine.StoredType;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.internal.schema.Schema.Component;
import dev.abide.engine.internal.schema.Schema.Constant;
import dev.abide.engine.internal.schema.Schema.Member;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.Form;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is stored is described before it is stored, once. */
@Timeout(60)
final class SchemaRecordsTest {
  @TempDir Path directory;

  @Stored("drawing")
  public record Drawing(
      @StoredAs(1) String title,
      @StoredAs(3) List<Shape> shapes,
      @StoredAs(2) Optional<Drawing> parent) {}

  @Stored("shape")
  public sealed interface Shape permits Square, Dot {}

  @Stored("square")
  public record Square(@StoredAs(1) double side, @StoredAs(2) Colour colour) implements Shape {}

  @Stored("dot")
  public record Dot() implements Shape {}

  @Stored("colour")
  public enum Colour {
    @StoredAs(2)
    RED,
    @StoredAs(1)
    BLUE
  }

  /** As the drawing was before its title was called so. */
  @Stored("older")
  public record Older(@StoredAs(1) String name) {}

  private Abide open() {
    return Engines.open(directory, options -> options.host(Living.class, LivingObject::new));
  }

  private Map<byte[], List<Schema>> records() {
    try (DiskStore store =
        DiskStore.open(directory, StoreOptions.standard(), failed -> {}, (what, cause) -> {})) {
      Map<byte[], List<Schema>> all = new TreeMap<>(Arrays::compareUnsigned);
      for (Entry entry :
          store.range(
              store.name(SchemaRecords.TYPE, "living"),
              new KeyRange(new byte[0], null),
              false,
              10_000,
              100_000_000)) {
        all.put(entry.key(), SchemaCodec.decode(entry.value()));
      }
      return all;
    }
  }

  private long commits() {
    try (DiskStore store =
        DiskStore.open(directory, StoreOptions.standard(), failed -> {}, (what, cause) -> {})) {
      return store.last();
    }
  }

  private static void draw(Abide abide, String id) throws Exception {
    abide
        .get(Living.class, id)
        .run((context, self) -> {
          context
              .storage()
              .cell("sketch", Drawing.class)
              .set(new Drawing("t", List.of(), Optional.empty()));
          context
              .storage()
              .map("when", Colour.class, StoredType.listOf(Instant.class))
              .put(Colour.RED, List.of());
          return "";
        });
  }

  @Test
  void whatIsWritten_isDescribedWithAllThatItNames() throws Exception {
    try (Abide abide = open()) {
      draw(abide, "a");
    }

    Map<byte[], List<Schema>> records = records();
    Schema sketch =
        new Schema(
            new Part.Of(0),
            List.of(
                new Schema.Type.OfRecord(
                    "Drawing",
                    List.of(
                        new Component(1, "title", false, new Part.Scalar("String")),
                        new Component(2, "parent", true, new Part.Of(0)),
                        new Component(3, "shapes", false, new Part.ListOf(new Part.Of(1))))),
                new Schema.Type.OfUnion(
                    "Shape",
                    List.of(
                        new Member("dot", new Part.Of(2)), new Member("square", new Part.Of(3)))),
                new Schema.Type.OfRecord("Dot", List.of()),
                new Schema.Type.OfRecord(
                    "Square",
                    List.of(
                        new Component(1, "side", false, new Part.Scalar("Double")),
                        new Component(2, "colour", false, new Part.Of(4)))),
                new Schema.Type.OfEnum(
                    "Colour", List.of(new Constant(1, "BLUE"), new Constant(2, "RED")))));
    assertThat(records.get(StorageKeys.cell("sketch"))).containsExactly(sketch);
    assertThat(records.get(StorageKeys.map("when")).getFirst().root())
        .isEqualTo(new Part.MapOf(new Part.Of(0), new Part.ListOf(new Part.Scalar("Instant"))));
    assertThat(records).hasSize(2);
  }

  @Test
  void whatIsDescribed_writesNothingAtALaterOpen_norForAnotherObject() throws Exception {
    try (Abide abide = open()) {
      draw(abide, "a");
      draw(abide, "b");
    }
    assertThat(commits()).as("two records, two turns").isEqualTo(4);
    try (Abide abide = open()) {
      draw(abide, "a");
      draw(abide, "c");
    }
    assertThat(commits()).isEqualTo(6);
  }

  @Test
  void aChangedForm_isPutBeforeTheOlderOne_whichStays() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (Abide abide = open()) {
        abide
            .get(Living.class, "a")
            .run((context, self) -> {
              context.storage().cell("sketch", Older.class).set(new Older("x"));
              return "";
            });
        draw(abide, "b");
      }
    }

    assertThat(records().get(StorageKeys.cell("sketch")))
        .extracting(schema -> schema.types().getFirst().name())
        .containsExactly("Drawing", "Older");
  }

  @Test
  void aTurnThatFails_leavesTheRecord_andNothingOfItsOwn() throws Exception {
    try (Abide abide = open()) {
      assertThatThrownBy(() ->
              abide
                  .get(Living.class, "a")
                  .run((context, self) -> {
                    context.storage().cell("late", Long.class).set(1L);
                    throw new IllegalStateException("no");
                  }))
          .hasMessage("no");
    }
    assertThat(records().keySet().stream().map(key -> new String(key, 3, key.length - 3)))
        .containsExactly("late");
    assertThat(commits()).isEqualTo(1);
  }

  @Test
  void moreNamesThanAreDescribed_areStoredAllTheSame() throws Exception {
    try (Abide abide = open()) {
      abide
          .get(Living.class, "a")
          .run((context, self) -> {
            for (int i = 0; i < SchemaRecords.NAMES_MAX + 5; i++) {
              context.storage().cell("n" + i, Integer.class).set(i);
            }
            return "";
          });
      assertThat(
              abide
                  .get(Living.class, "a")
                  .look((context, self) ->
                      ""
                          + context
                              .storage()
                              .cell("n" + (SchemaRecords.NAMES_MAX + 4), Integer.class)
                              .get()))
          .isEqualTo("" + (SchemaRecords.NAMES_MAX + 4));
    }
    assertThat(records()).hasSize(SchemaRecords.NAMES_MAX);
  }

  @Test
  void aRecordOfANewerRelease_isRefusedInWords() {
    byte[] bytes = SchemaCodec.encode(List.of(Schema.of(new Form.Scalar("Long"))));
    assertThat(SchemaCodec.decode(bytes)).hasSize(1);
    bytes[1] = 2;
    assertThatThrownBy(() -> SchemaCodec.decode(bytes))
        .isInstanceOf(CborException.class)
        .hasMessageContaining("the schema record has format 2, and this release reads 1");
  }

  @Test
  void aRecord_isWrittenAndReadAsItWasInTheFirstRelease() throws IOException {
    Schema schema =
        new Schema(
            new Part.MapOf(new Part.Scalar("Long"), new Part.Of(0)),
            List.of(
                new Schema.Type.OfRecord(
                    "R",
                    List.of(
                        new Component(
                            1,
                            "a",
                            true,
                            new Part.ListOf(new Part.SetOf(new Part.OptionalOf(new Part.Of(1))))))),
                new Schema.Type.OfUnion("U", List.of(new Member("m", new Part.Of(0)))),
                new Schema.Type.OfEnum("E", List.of(new Constant(2, "RED")))));
    byte[] golden;
    try (InputStream in = SchemaRecordsTest.class.getResourceAsStream("/golden/schema.hex")) {
      golden = HexFormat.of().parseHex(new String(in.readAllBytes(), UTF_8).replaceAll("\\s", ""));
    }

    assertThat(SchemaCodec.encode(List.of(schema))).isEqualTo(golden);
    assertThat(SchemaCodec.decode(golden)).containsExactly(schema);
  }
}
