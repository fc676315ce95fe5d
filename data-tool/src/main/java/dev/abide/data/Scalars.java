package dev.abide.data;

import dev.abide.engine.spi.CborReader;
import dev.abide.engine.spi.CborWriter;
import dev.abide.engine.spi.Codec;
import dev.abide.engine.spi.Codecs;
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
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values of types that need no annotation, by the names that schema records give them. */
final class Scalars {
  /** A type: its codec, and how a value is had from the text or number that JSON has. */
  private record Scalar<T>(Codec<T> codec, Function<JsonNode, T> parsed) {
    void write(CborWriter out, JsonNode json) {
      codec.write(out, parsed.apply(json));
    }
  }

  private static final Map<String, Scalar<?>> ALL =
      Map.ofEntries(
          Map.entry("Boolean", new Scalar<>(Codecs.BOOLEAN, Scalars::truth)),
          Map.entry("Byte", new Scalar<>(Codecs.BYTE, json -> whole(json).byteValueExact())),
          Map.entry("Short", new Scalar<>(Codecs.SHORT, json -> whole(json).shortValueExact())),
          Map.entry("Integer", new Scalar<>(Codecs.INTEGER, json -> whole(json).intValueExact())),
          Map.entry("Long", new Scalar<>(Codecs.LONG, json -> whole(json).longValueExact())),
          Map.entry("Float", new Scalar<>(Codecs.FLOAT, json -> Float.valueOf(number(json)))),
          Map.entry("Double", new Scalar<>(Codecs.DOUBLE, json -> Double.valueOf(number(json)))),
          Map.entry("Character", new Scalar<>(Codecs.CHARACTER, Scalars::character)),
          Map.entry("String", new Scalar<>(Codecs.STRING, Scalars::text)),
          Map.entry(
              "byte[]", new Scalar<>(Codecs.BYTES, json -> Base64.getDecoder().decode(text(json)))),
          Map.entry("UUID", texts(Codecs.UUID_VALUE, UUID::fromString)),
          Map.entry("URI", texts(Codecs.URI_VALUE, URI::create)),
          Map.entry("BigInteger", new Scalar<>(Codecs.BIG_INTEGER, Scalars::whole)),
          Map.entry(
              "BigDecimal", new Scalar<>(Codecs.BIG_DECIMAL, json -> new BigDecimal(number(json)))),
          Map.entry("Instant", texts(Codecs.INSTANT, Instant::parse)),
          Map.entry("Duration", texts(Codecs.DURATION, Duration::parse)),
          Map.entry("Period", texts(Codecs.PERIOD, Period::parse)),
          Map.entry("LocalDate", texts(Codecs.LOCAL_DATE, LocalDate::parse)),
          Map.entry("LocalTime", texts(Codecs.LOCAL_TIME, LocalTime::parse)),
          Map.entry("LocalDateTime", texts(Codecs.LOCAL_DATE_TIME, LocalDateTime::parse)),
          Map.entry("OffsetDateTime", texts(Codecs.OFFSET_DATE_TIME, OffsetDateTime::parse)),
          Map.entry("OffsetTime", texts(Codecs.OFFSET_TIME, OffsetTime::parse)),
          Map.entry("ZonedDateTime", texts(Codecs.ZONED_DATE_TIME, ZonedDateTime::parse)),
          Map.entry("ZoneId", texts(Codecs.ZONE_ID, ZoneId::of)),
          Map.entry("ZoneOffset", texts(Codecs.ZONE_OFFSET, ZoneOffset::of)),
          Map.entry("Year", texts(Codecs.YEAR, Year::parse)),
          Map.entry("YearMonth", texts(Codecs.YEAR_MONTH, YearMonth::parse)),
          Map.entry("MonthDay", texts(Codecs.MONTH_DAY, MonthDay::parse)),
          Map.entry("Month", texts(Codecs.MONTH, Month::valueOf)),
          Map.entry("DayOfWeek", texts(Codecs.DAY_OF_WEEK, DayOfWeek::valueOf)));

  private Scalars() {}

  private static <T> Scalar<T> texts(Codec<T> codec, Function<String, T> parse) {
    return new Scalar<>(codec, json -> parse.apply(text(json)));
  }

  /** Reads a value as JSON has it: numbers, booleans and texts; bytes in base 64. */
  static Object read(String type, CborReader in) {
    Scalar<?> scalar = ALL.get(type);
    if (scalar == null) {
      throw in.refuse("this release knows no type " + type);
    }
    Object value = scalar.codec.read(in);
    return switch (value) {
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case Float number when number.isNaN() || number.isInfinite() -> number.toString();
      case Double number when number.isNaN() || number.isInfinite() -> number.toString();
      case Boolean plain -> plain;
      case Number number -> number;
      default -> value.toString();
    };
  }

  /**
   * Writes what {@link #read} gives.
   *
   * @throws RuntimeException of some kind, with a message, if the JSON is no such value
   */
  static void write(String type, CborWriter out, JsonNode json) {
    @Nullable Scalar<?> scalar = ALL.get(type);
    if (scalar == null) {
      throw new IllegalArgumentException("this release knows no type " + type);
    }
    scalar.write(out, json);
  }

  private static boolean truth(JsonNode json) {
    if (!json.isBoolean()) {
      throw new IllegalArgumentException(json + " is neither true nor false");
    }
    return json.booleanValue();
  }

  private static BigInteger whole(JsonNode json) {
    if (!json.isIntegralNumber()) {
      throw new IllegalArgumentException(json + " is no whole number");
    }
    return json.bigIntegerValue();
  }

  /** A number's digits; what is none stands as text, as NaN does. */
  private static String number(JsonNode json) {
    return json.isNumber() ? json.decimalValue().toString() : text(json);
  }

  private static char character(JsonNode json) {
    String text = text(json);
    if (text.length() != 1) {
      throw new IllegalArgumentException(json + " is not one character");
    }
    return text.charAt(0);
  }

  static String text(JsonNode json) {
    if (!json.isString()) {
      throw new IllegalArgumentException(json + " is no text");
    }
    return json.stringValue();
  }
}
