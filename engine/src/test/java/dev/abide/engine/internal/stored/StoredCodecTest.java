package dev.abide.engine.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.StoredType;
import dev.abide.engine.spi.CborWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Generated codecs: their bytes, which are final, how types may change, and what is refused. */
class StoredCodecTest {
  @Stored
  enum Colour {
    @StoredAs(2)
    RED,
    @StoredAs(1)
    BLUE
  }

  @Stored
  sealed interface Shape {}

  @Stored("circle")
  record Circle(@StoredAs(1) double radius) implements Shape {}

  @Stored("rect")
  record Rectangle(@StoredAs(2) int height, @StoredAs(1) int width) implements Shape {}

  @Stored("dot")
  record Dot() implements Shape {}

  @Stored
  record Drawing(
      @StoredAs(2) String title,
      @StoredAs(1) List<Shape> shapes,
      @StoredAs(300) Map<Colour, BigDecimal> prices,
      @StoredAs(4) Optional<Drawing> parent) {}

  @Stored
  record Line(@StoredAs(1) String sku, @StoredAs(2) int quantity) {
    Line {
      if (quantity < 0) {
        throw new IllegalArgumentException("quantity is " + quantity + ", below 0");
      }
    }
  }

  /** What {@link Line} may become: a component gone, others new, one renamed, one optional. */
  @Stored(retired = 2)
  record LaterLine(
      @StoredAs(1) Optional<String> article,
      @StoredAs(value = 3, missing = "1.50") BigDecimal amount,
      @StoredAs(value = 4, missing = "RED") Colour colour,
      @StoredAs(5) List<String> tags,
      @StoredAs(6) Set<Long> numbers,
      @StoredAs(7) Map<String, LocalDate> days,
      @StoredAs(value = 8, missing = "PT5S") Duration pause,
      @StoredAs(value = 9, missing = "x") char letter,
      @StoredAs(value = 10, missing = "NaN") double rate,
      @StoredAs(value = 11, missing = "-9223372036854775808") long least) {}

  /** What {@link Line} must not become. */
  @Stored
  record StrictLine(@StoredAs(1) String sku, @StoredAs(2) int quantity, @StoredAs(3) Line more) {}

  @Stored
  record Chain(@StoredAs(1) Optional<Chain> next) {}

  @Stored
  record Left(@StoredAs(1) List<Right> rights) {}

  @Stored
  record Right(@StoredAs(1) List<Left> lefts) {}

  @Stored
  record Blob(@StoredAs(1) byte[] bytes) {}

  private static final Drawing DRAWING =
      new Drawing(
          "t",
          List.of(new Circle(1.5), new Rectangle(2, 3), new Dot()),
          prices(),
          Optional.of(new Drawing("p", List.of(), Map.of(), Optional.empty())));

  /** Drawn by hand from the format's page. */
  private static final String DRAWING_HEX =
      "a4" // four components
          + "01" // shapes
          + "83"
          + ("a2" + "00" + "66636972636c65" + "01" + "fb3ff8000000000000")
          + ("a3" + "00" + "6472656374" + "01" + "03" + "02" + "02")
          + ("a1" + "00" + "63646f74")
          + "02" // title
          + "6174"
          + "04" // parent, without its own
          + ("a3" + "01" + "80" + "02" + "6170" + "19012c" + "a0")
          + "19012c" // prices
          + ("a2" + "02" + "c48221c24196" + "01" + "c48200c24107");

  private static Map<Colour, BigDecimal> prices() {
    Map<Colour, BigDecimal> prices = new LinkedHashMap<>();
    prices.put(Colour.RED, new BigDecimal("1.50"));
    prices.put(Colour.BLUE, new BigDecimal(7));
    return prices;
  }

  @Test
  void drawing_hasTheseBytes() {
    assertThat(hex(encode(Drawing.class, DRAWING))).isEqualTo(DRAWING_HEX);
    assertThat(decode(Drawing.class, DRAWING_HEX)).isEqualTo(DRAWING);
    assertThat(List.copyOf(decode(Drawing.class, DRAWING_HEX).prices().keySet()))
        .as("order is kept")
        .containsExactly(Colour.RED, Colour.BLUE);
  }

  @Test
  void scalarsOfEachKind_haveTheseBytes() {
    assertThat(hex(encode(Colour.class, Colour.RED))).isEqualTo("02");
    assertThat(hex(encode(Circle.class, new Circle(1.5))))
        .as("a member that is no part of its hierarchy needs no name")
        .isEqualTo("a101fb3ff8000000000000");
    assertThat(hex(encode(Dot.class, new Dot()))).isEqualTo("a0");
    assertThat(hex(encode(Shape.class, new Dot()))).isEqualTo("a10063646f74");
    assertThat(decode(Blob.class, "a101420102").bytes()).containsExactly(1, 2);
  }

  @Test
  void oldBytes_readByALaterType_giveTheDeclaredValues_andTheUnknownIsSkipped() {
    byte[] old = encode(Line.class, new Line("a-1", 3));

    LaterLine read = decode(StoredType.of(LaterLine.class), old);

    assertThat(read)
        .isEqualTo(
            new LaterLine(
                Optional.of("a-1"),
                new BigDecimal("1.50"),
                Colour.RED,
                List.of(),
                Set.of(),
                Map.of(),
                Duration.ofSeconds(5),
                'x',
                Double.NaN,
                Long.MIN_VALUE));
  }

  @Test
  void newBytes_readByAnEarlierType_loseWhatItDoesNotKnow() {
    // 1: "a", 2: 5, 3: [[], {}], 9: 37(h'00'), 65535: false
    String newer = "a5" + "01" + "6161" + "02" + "05" + "03" + "8280a0" + "09" + "d8254100";

    assertThat(decode(Line.class, newer + "19ffff" + "f4")).isEqualTo(new Line("a", 5));
  }

  @Test
  void missingComponent_withoutADeclaredValue_isNamedByItsPath() {
    byte[] old = encode(Line.class, new Line("a-1", 3));

    assertThatThrownBy(() -> decode(StoredType.of(StrictLine.class), old))
        .isInstanceOfSatisfying(
            StorageException.class, refused -> assertThat(refused.applied()).isEqualTo(Applied.NO))
        .hasMessageContaining("cell \"x\" of t/i cannot be read as")
        .hasMessageContaining("StrictLine: more: it is missing");
  }

  @Test
  void mistypedPart_deepInside_isNamedByItsPath() {
    String damaged = DRAWING_HEX.replace("fb3ff8000000000000", "fa3fc00000");

    assertThatThrownBy(() -> decode(Drawing.class, damaged))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Drawing: shapes[0].radius: ");
  }

  @Test
  void componentsThatTheConstructorRefuses_areDamage() {
    assertThatThrownBy(() -> decode(Line.class, "a2" + "01" + "6161" + "02" + "20"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the constructor of Line refuses its components")
        .hasMessageContaining("quantity is -1, below 0");
  }

  @Test
  void numbersThatDoNotAscend_areDamage() {
    for (String bytes :
        List.of(
            "a2" + "02" + "05" + "01" + "6161",
            "a2" + "01" + "6161" + "01" + "6161",
            "a1" + "00" + "6161",
            "a1" + "20" + "6161",
            "a1" + "1a00010000" + "6161")) {
      assertThatThrownBy(() -> decode(Line.class, bytes))
          .as(bytes)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("the component number");
    }
  }

  @Test
  void unknownMemberOrConstant_isNamed() {
    assertThatThrownBy(() -> decode(Shape.class, "a1" + "00" + "63616263"))
        .hasMessageContaining("Shape has no member \"abc\"");
    assertThatThrownBy(() -> decode(Shape.class, "a1" + "01" + "63616263"))
        .hasMessageContaining("begins with the key 1");
    assertThatThrownBy(() -> decode(Shape.class, "a0")).hasMessageContaining("the map is empty");
    assertThatThrownBy(() -> decode(Colour.class, "03"))
        .hasMessageContaining("no constant of Colour has the number 3");
  }

  @Test
  void null_inAComponent_isRefusedByName() {
    assertThatThrownBy(() -> encode(Line.class, new Line(null, 1)))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("component sku")
        .hasMessageContaining("Optional");
  }

  @Test
  void recursion_goesAsDeepAsItCanBeReadAgain_andIsRefusedBeyond() {
    byte[] deepest = encode(Chain.class, chain(65));

    assertThat(decode(StoredType.of(Chain.class), deepest)).isEqualTo(chain(65));
    assertThatThrownBy(() -> encode(Chain.class, chain(66)))
        .isInstanceOfSatisfying(
            LimitException.class, limit -> assertThat(limit.bound()).isEqualTo(64));
  }

  private static Chain chain(int links) {
    Chain chain = new Chain(Optional.empty());
    for (int n = 1; n < links; n++) {
      chain = new Chain(Optional.of(chain));
    }
    return chain;
  }

  /** Class initialisers that need each other's would let the two threads wait for ever. */
  @Test
  void codecsThatContainEachOther_mayBeUsedFirstByTwoThreadsAtOnce() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<byte[]> left =
          threads.submit(() -> {
            start.await();
            return encode(Left.class, new Left(List.of(new Right(List.of()))));
          });
      Future<byte[]> right =
          threads.submit(() -> {
            start.await();
            return encode(Right.class, new Right(List.of(new Left(List.of()))));
          });
      start.countDown();

      assertThat(hex(left.get())).isEqualTo("a10181a10180");
      assertThat(hex(right.get())).isEqualTo("a10181a10180");
    }
  }

  @Test
  void bytes_cutOrFlippedOrMixedAnywhere_giveAValueOrAStorageException() {
    byte[] whole = HexFormat.of().parseHex(DRAWING_HEX);
    StoredType<Drawing> type = StoredType.of(Drawing.class);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(type, cut)).isInstanceOf(StorageException.class);
    }
    int refused = 0;
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused += isRefused(type, flipped) ? 1 : 0;
    }
    assertThat(refused).as("not everything passes").isGreaterThan(whole.length);
    long seed = System.nanoTime();
    System.out.println("StoredCodecTest seed " + seed);
    Random random = new Random(seed);
    for (int n = 0; n < 5_000; n++) {
      byte[] mixed = whole.clone();
      for (int m = random.nextInt(4); m >= 0; m--) {
        mixed[random.nextInt(mixed.length)] = (byte) random.nextInt();
      }
      isRefused(type, mixed);
    }
  }

  private static <T> boolean isRefused(StoredType<T> type, byte[] bytes) {
    try {
      decode(type, bytes);
      return false;
    } catch (StorageException expected) {
      return true; // any other exception fails the test
    }
  }

  @Test
  void enumKeys_orderByTheirNumbers() {
    KeyCodec<Colour> keys = KeyCodec.forClass(Colour.class);

    assertThat(hex(keys.encode(Colour.RED))).isEqualTo("00000002");
    assertThat(keys.decode(keys.encode(Colour.BLUE))).isEqualTo(Colour.BLUE);
    List<Colour> sorted = new ArrayList<>(List.of(Colour.values()));
    sorted.sort((one, other) -> Arrays.compareUnsigned(keys.encode(one), keys.encode(other)));
    assertThat(sorted).containsExactly(Colour.BLUE, Colour.RED);
  }

  @Test
  void typeWithoutACodec_isRefusedWithWhatToDo() {
    record Local(String text) {}

    assertThatThrownBy(() -> StoredType.of(Plain.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("StoredCodecTest$Plain cannot be stored")
        .hasMessageContaining("Annotate it with @Stored")
        .hasMessageContaining("annotationProcessorPaths")
        .hasMessageContaining("annotationProcessor(");
    assertThatThrownBy(() -> StoredType.of(Local.class))
        .hasMessageContaining("declared inside a method");
    assertThatThrownBy(() -> KeyCodec.forClass(Thread.State.class))
        .hasMessageContaining("java.lang.Thread$State");
    assertThatThrownBy(() -> KeyCodec.forClass(Dot.class))
        .hasMessageContaining("cannot be the key of a stored map");
  }

  record Plain(String text) {}

  private static <T> byte[] encode(Class<T> type, T value) {
    CborWriter out = new CborWriter();
    StoredType.of(type).codec().write(out, value);
    return out.toBytes();
  }

  private static <T> T decode(Class<T> type, String hex) {
    return decode(StoredType.of(type), HexFormat.of().parseHex(hex));
  }

  private static <T> T decode(StoredType<T> type, byte[] bytes) {
    return StoredValues.decode(type, bytes, () -> "cell \"x\" of t/i");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
