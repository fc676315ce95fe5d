package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.stored.KeyCodec;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.internal.stored.StoredValues;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.CborReader;
import dev.abide.engine.spi.CborWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.dataformat.cbor.CBORFactory;

/** The forms of values and keys on disk; their bytes are final. */
class StoredTypeTest {
  static Stream<Arguments> golden() {
    return Stream.of(
        of(Boolean.class, true, "f5"),
        of(Boolean.class, false, "f4"),
        of(Byte.class, (byte) -128, "387f"),
        of(Short.class, (short) 1000, "1903e8"),
        of(Integer.class, -1, "20"),
        of(Integer.class, Integer.MIN_VALUE, "3a7fffffff"),
        of(Long.class, 23L, "17"),
        of(Long.class, 24L, "1818"),
        of(Long.class, Long.MAX_VALUE, "1b7fffffffffffffff"),
        of(Long.class, Long.MIN_VALUE, "3b7fffffffffffffff"),
        of(Character.class, 'a', "1861"),
        of(Float.class, 1.5f, "fa3fc00000"),
        of(Double.class, 1.5, "fb3ff8000000000000"),
        of(String.class, "hi", "626869"),
        of(String.class, "", "60"),
        of(String.class, "\u00e9\ud83d\ude00", "66c3a9f09f9880"),
        of(UUID.class, new UUID(0, 1), "d8255000000000000000000000000000000001"),
        of(URI.class, URI.create("a:b"), "d82063613a62"),
        of(BigInteger.class, BigInteger.ZERO, "c240"),
        of(BigInteger.class, BigInteger.valueOf(256), "c2420100"),
        of(BigInteger.class, BigInteger.valueOf(-1), "c340"),
        of(BigDecimal.class, new BigDecimal("1.5"), "c48220c2410f"),
        of(Instant.class, Instant.EPOCH, "820000"),
        of(Duration.class, Duration.ofMillis(-1), "82201a3b8b87c0"),
        of(Period.class, Period.ofDays(1), "83000001"),
        of(LocalDate.class, LocalDate.ofEpochDay(1), "01"),
        of(LocalTime.class, LocalTime.MIDNIGHT, "00"),
        of(LocalDateTime.class, LocalDateTime.of(1970, 1, 1, 0, 0), "820000"),
        of(
            OffsetDateTime.class,
            OffsetDateTime.parse("2026-01-01T00:00Z"),
            "71323032362d30312d30315430303a30305a"),
        of(
            ZonedDateTime.class,
            ZonedDateTime.parse("2026-01-01T00:00Z[UTC]"),
            "76323032362d30312d30315430303a30305a5b5554435d"),
        of(ZoneId.class, ZoneOffset.UTC, "615a"),
        of(ZoneOffset.class, ZoneOffset.ofHours(-1), "390e0f"),
        of(Year.class, Year.of(2026), "1907ea"),
        of(YearMonth.class, YearMonth.of(2026, 11), "821907ea0b"),
        of(MonthDay.class, MonthDay.of(2, 29), "8202181d"),
        of(Month.class, Month.DECEMBER, "0c"),
        of(DayOfWeek.class, DayOfWeek.MONDAY, "01"),
        Arguments.of(StoredType.listOf(Integer.class), List.of(1), "8101"),
        Arguments.of(StoredType.setOf(String.class), Set.of("a"), "816161"),
        Arguments.of(StoredType.optionalOf(Long.class), Optional.empty(), "80"),
        Arguments.of(StoredType.optionalOf(Long.class), Optional.of(1L), "8101"),
        Arguments.of(StoredType.mapOf(String.class, Long.class), Map.of("a", 1L), "a1616101"),
        Arguments.of(
            StoredType.mapOf(String.class, StoredType.listOf(StoredType.optionalOf(Integer.class))),
            Map.of("k", List.of(Optional.of(2), Optional.empty())),
            "a1616b82810280"));
  }

  private static <T> Arguments of(Class<T> type, T value, String hex) {
    return Arguments.of(StoredType.of(type), value, hex);
  }

  @ParameterizedTest
  @MethodSource("golden")
  <T> void value_ofEachType_hasTheseBytes_andOthersCallThemCborToo(
      StoredType<T> type, T value, String hex) throws Exception {
    byte[] bytes = encode(type, value);

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
    assertThat(decode(type, bytes)).isEqualTo(value);
    try (JsonParser jackson =
        new CBORFactory().createParser(tools.jackson.core.ObjectReadContext.empty(), bytes)) {
      while (jackson.nextToken() != null) {
        assertThat(jackson.currentToken()).isNotNull();
      }
      assertThat(jackson.currentLocation().getByteOffset()).isEqualTo(bytes.length);
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  <T> void bytes_cutOrFlippedAnywhere_giveAValueOrAStorageException(
      StoredType<T> type, T value, String hex) {
    byte[] whole = HexFormat.of().parseHex(hex);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(type, cut))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cell \"x\" of t/i")
          .hasMessageContaining(type.toString());
    }
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatCode(
              () -> {
                try {
                  decode(type, flipped);
                } catch (StorageException expected) {
                  assertThat(expected.applied()).isEqualTo(AbideException.Applied.NO);
                }
              })
          .doesNotThrowAnyException();
    }
  }

  @Test
  void error_inANestedValue_tellsThePath() {
    StoredType<Map<String, List<Long>>> type =
        StoredType.mapOf(String.class, StoredType.listOf(Long.class));
    byte[] bytes = HexFormat.of().parseHex("a1616b8201f5");

    assertThatThrownBy(() -> decode(type, bytes))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("{0}[1]")
        .hasMessageContaining("simple value stands where an integer should");
  }

  @Test
  void lyingLength_isRefusedBeforeAnythingIsAllocated() {
    for (String hex :
        List.of("5affffffff", "7affffffff", "9affffffff", "baffffffff", "5bffffffffffffffff")) {
      assertThatThrownBy(() -> new CborReader(HexFormat.of().parseHex(hex)).skip())
          .isInstanceOf(CborException.class)
          .hasMessageContaining("claims a length");
    }
  }

  @Test
  void nulls_inCollections_areRefusedWhenWritten() {
    StoredType<List<String>> type = StoredType.listOf(String.class);

    assertThatThrownBy(() -> encode(type, Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("an element of a stored list or set is null");
  }

  @Test
  void nesting_tooDeep_isRefusedWhenWritten_sinceItCouldNotBeRead() {
    CborWriter out = new CborWriter();
    for (int n = 0; n < 64; n++) {
      out.enter();
    }

    assertThatThrownBy(out::enter)
        .isInstanceOfSatisfying(
            LimitException.class, limit -> assertThat(limit.bound()).isEqualTo(64));
    out.reset();
    out.enter();
  }

  @Test
  void nesting_tooDeep_isRefused() {
    assertThatThrownBy(
            () -> new CborReader(HexFormat.of().parseHex("81".repeat(100) + "00")).skip())
        .isInstanceOf(CborException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  void type_withoutACodec_isRefusedByName() {
    assertThatThrownBy(() -> StoredType.of(StringBuilder.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.StringBuilder");
    assertThatThrownBy(() -> StoredType.of(List.class)).hasMessageContaining("StoredType.listOf");
    assertThatThrownBy(() -> KeyCodec.forClass(Double.class))
        .hasMessageContaining("java.lang.Double");
  }

  @Test
  void decodedCollections_keepTheirOrder_andCannotBeChanged() {
    Map<String, Long> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", 2L);
    StoredType<Map<String, Long>> type = StoredType.mapOf(String.class, Long.class);
    Map<String, Long> read = decode(type, encode(type, map));

    assertThat(new ArrayList<>(read.keySet())).containsExactly("z", "a");
    assertThatThrownBy(() -> read.put("b", 3L)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keys_inRandomPairs_orderAsTheirTypesDo() {
    long seed = System.nanoTime();
    System.out.println("StoredTypeTest seed " + seed);
    Random random = new Random(seed);
    for (int n = 0; n < 20_000; n++) {
      ordered(KeyCodec.forClass(Long.class), random.nextLong(), random.nextInt(4) - 2L);
      ordered(KeyCodec.forClass(Integer.class), random.nextInt(), random.nextInt());
      ordered(
          KeyCodec.forClass(Instant.class),
          Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
          Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
      ordered(
          KeyCodec.forClass(LocalDate.class),
          LocalDate.ofEpochDay(random.nextInt() / 3),
          LocalDate.ofEpochDay(random.nextInt() / 3));
    }
    assertThat(
            Arrays.compareUnsigned(
                KeyCodec.forClass(String.class).encode("\uffff"),
                KeyCodec.forClass(String.class).encode("\ud83d\ude00")))
        .as("UTF-8 order, not that of String.compareTo")
        .isNegative();
  }

  private static <K extends Comparable<? super K>> void ordered(KeyCodec<K> codec, K one, K other) {
    int bytes = Integer.signum(Arrays.compareUnsigned(codec.encode(one), codec.encode(other)));
    assertThat(bytes).isEqualTo(Integer.signum(one.compareTo(other)));
    assertThat(codec.decode(codec.encode(one))).isEqualTo(one);
  }

  @Test
  void prefix_thatEndsInTheHighestCodePoint_findsWhatBeginsSo() {
    byte[] head = StorageKeys.map("m");
    KeyCodec<String> keys = KeyCodec.forClass(String.class);
    KeyRange range = StorageKeys.prefix(head, keys, "a\udbff\udfff");

    assertThat(range.contains(StorageKeys.mapKey(head, "m", keys.encode("a\udbff\udfffz"))))
        .isTrue();
    assertThat(range.contains(StorageKeys.mapKey(head, "m", keys.encode("b")))).isFalse();
    assertThat(range.contains(StorageKeys.mapKey(head, "m", keys.encode("a")))).isFalse();
  }

  @Test
  void names_thatBeginWithOneAnother_neverShareKeys() {
    for (String other : List.of("ab", "a/b", "", "a\0")) {
      assertThat(StorageKeys.all(StorageKeys.map("a")).contains(StorageKeys.map(other))).isFalse();
    }
    assertThatThrownBy(() -> StorageKeys.cell("x".repeat(2_049)))
        .isInstanceOfSatisfying(
            LimitException.class,
            limit -> {
              assertThat(limit.value()).isEqualTo(2_049);
              assertThat(limit.bound()).isEqualTo(2_048);
            });
  }

  private static <T> byte[] encode(StoredType<T> type, T value) {
    CborWriter out = new CborWriter();
    type.codec().write(out, value);
    return out.toBytes();
  }

  private static <T> T decode(StoredType<T> type, byte[] bytes) {
    return StoredValues.decode(type, bytes, () -> "cell \"x\" of t/i");
  }
}
