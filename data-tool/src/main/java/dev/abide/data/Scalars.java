package dev.abide.data;

import dev.abide.engine.spi.CborReader;
import dev.abide.engine.spi.Codec;
import dev.abide.engine.spi.Codecs;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of types that need no annotation, by the names that schema records give them. */
final class Scalars {
  private static final Map<String, Codec<?>> ALL =
      Map.ofEntries(
          Map.entry("Boolean", Codecs.BOOLEAN),
          Map.entry("Byte", Codecs.BYTE),
          Map.entry("Short", Codecs.SHORT),
          Map.entry("Integer", Codecs.INTEGER),
          Map.entry("Long", Codecs.LONG),
          Map.entry("Float", Codecs.FLOAT),
          Map.entry("Double", Codecs.DOUBLE),
          Map.entry("Character", Codecs.CHARACTER),
          Map.entry("String", Codecs.STRING),
          Map.entry("byte[]", Codecs.BYTES),
          Map.entry("UUID", Codecs.UUID_VALUE),
          Map.entry("URI", Codecs.URI_VALUE),
          Map.entry("BigInteger", Codecs.BIG_INTEGER),
          Map.entry("BigDecimal", Codecs.BIG_DECIMAL),
          Map.entry("Instant", Codecs.INSTANT),
          Map.entry("Duration", Codecs.DURATION),
          Map.entry("Period", Codecs.PERIOD),
          Map.entry("LocalDate", Codecs.LOCAL_DATE),
          Map.entry("LocalTime", Codecs.LOCAL_TIME),
          Map.entry("LocalDateTime", Codecs.LOCAL_DATE_TIME),
          Map.entry("OffsetDateTime", Codecs.OFFSET_DATE_TIME),
          Map.entry("OffsetTime", Codecs.OFFSET_TIME),
          Map.entry("ZonedDateTime", Codecs.ZONED_DATE_TIME),
          Map.entry("ZoneId", Codecs.ZONE_ID),
          Map.entry("ZoneOffset", Codecs.ZONE_OFFSET),
          Map.entry("Year", Codecs.YEAR),
          Map.entry("YearMonth", Codecs.YEAR_MONTH),
          Map.entry("MonthDay", Codecs.MONTH_DAY),
          Map.entry("Month", Codecs.MONTH),
          Map.entry("DayOfWeek", Codecs.DAY_OF_WEEK));

  private Scalars() {}

  /** Reads a value as JSON has it: numbers, booleans and texts; bytes in base 64. */
  static Object read(String type, CborReader in) {
    @Nullable Codec<?> codec = ALL.get(type);
    if (codec == null) {
      throw in.refuse("this release knows no type " + type);
    }
    Object value = codec.read(in);
    return switch (value) {
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case Float number when number.isNaN() || number.isInfinite() -> number.toString();
      case Double number when number.isNaN() || number.isInfinite() -> number.toString();
      case Boolean plain -> plain;
      case Number number -> number;
      default -> value.toString();
    };
  }
}
