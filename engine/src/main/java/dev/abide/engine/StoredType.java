package dev.abide.engine;

import dev.abide.engine.internal.stored.GeneratedCodecs;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A type that storage can hold. Immutable, safe for all threads; made where the handle is made.
 *
 * <p>Storable are the boxes, {@code String}, {@code byte[]}, {@code UUID}, {@code URI}, {@code
 * BigInteger}, {@code BigDecimal}, {@code Instant}, {@code Duration}, {@code Period}, {@code
 * LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code OffsetDateTime}, {@code OffsetTime},
 * {@code ZonedDateTime}, {@code ZoneId}, {@code ZoneOffset}, {@code Year}, {@code YearMonth},
 * {@code MonthDay}, {@code Month}, {@code DayOfWeek}, {@code @Stored} types, and lists, sets, maps
 * and optionals of them.
 */
public final class StoredType<T> {
  private static final Map<Class<?>, Codec<?>> CODECS =
      Map.ofEntries(
          Map.entry(Boolean.class, Codecs.BOOLEAN),
          Map.entry(Byte.class, Codecs.BYTE),
          Map.entry(Short.class, Codecs.SHORT),
          Map.entry(Integer.class, Codecs.INTEGER),
          Map.entry(Long.class, Codecs.LONG),
          Map.entry(Float.class, Codecs.FLOAT),
          Map.entry(Double.class, Codecs.DOUBLE),
          Map.entry(Character.class, Codecs.CHARACTER),
          Map.entry(String.class, Codecs.STRING),
          Map.entry(byte[].class, Codecs.BYTES),
          Map.entry(UUID.class, Codecs.UUID_VALUE),
          Map.entry(URI.class, Codecs.URI_VALUE),
          Map.entry(BigInteger.class, Codecs.BIG_INTEGER),
          Map.entry(BigDecimal.class, Codecs.BIG_DECIMAL),
          Map.entry(Instant.class, Codecs.INSTANT),
          Map.entry(Duration.class, Codecs.DURATION),
          Map.entry(Period.class, Codecs.PERIOD),
          Map.entry(LocalDate.class, Codecs.LOCAL_DATE),
          Map.entry(LocalTime.class, Codecs.LOCAL_TIME),
          Map.entry(LocalDateTime.class, Codecs.LOCAL_DATE_TIME),
          Map.entry(OffsetDateTime.class, Codecs.OFFSET_DATE_TIME),
          Map.entry(OffsetTime.class, Codecs.OFFSET_TIME),
          Map.entry(ZonedDateTime.class, Codecs.ZONED_DATE_TIME),
          Map.entry(ZoneId.class, Codecs.ZONE_ID),
          Map.entry(ZoneOffset.class, Codecs.ZONE_OFFSET),
          Map.entry(Year.class, Codecs.YEAR),
          Map.entry(YearMonth.class, Codecs.YEAR_MONTH),
          Map.entry(MonthDay.class, Codecs.MONTH_DAY),
          Map.entry(Month.class, Codecs.MONTH),
          Map.entry(DayOfWeek.class, Codecs.DAY_OF_WEEK));

  private final String name;
  private final Codec<T> codec;

  private StoredType(String name, Codec<T> codec) {
    this.name = name;
    this.codec = codec;
  }

  /**
   * A type without parameters.
   *
   * @throws IllegalArgumentException if it cannot be stored
   */
  public static <T> StoredType<T> of(Class<T> type) {
    @SuppressWarnings("unchecked") // entered above under its own class
    Codec<T> codec = (Codec<T>) CODECS.get(type);
    if (codec == null) {
      codec = GeneratedCodecs.find(type);
    }
    if (codec == null) {
      throw new IllegalArgumentException(
          type.getName() + " cannot be stored: it has no codec. " + remedy(type));
    }
    return new StoredType<>(type.getSimpleName(), codec);
  }

  private static String remedy(Class<?> type) {
    if (type == List.class || type == Set.class || type == Map.class || type == Optional.class) {
      return "Say of what: StoredType.listOf, setOf, mapOf, optionalOf";
    }
    return GeneratedCodecs.remedy(type);
  }

  /** Lists. */
  public static <T> StoredType<List<T>> listOf(Class<T> item) {
    return listOf(of(item));
  }

  /** Lists. */
  public static <T> StoredType<List<T>> listOf(StoredType<T> item) {
    return new StoredType<>("List<" + item.name + ">", Codecs.list(item.codec));
  }

  /** Sets; their order is kept. */
  public static <T> StoredType<Set<T>> setOf(Class<T> item) {
    return setOf(of(item));
  }

  /** Sets; their order is kept. */
  public static <T> StoredType<Set<T>> setOf(StoredType<T> item) {
    return new StoredType<>("Set<" + item.name + ">", Codecs.set(item.codec));
  }

  /** Optionals. */
  public static <T> StoredType<Optional<T>> optionalOf(Class<T> item) {
    return optionalOf(of(item));
  }

  /** Optionals. */
  public static <T> StoredType<Optional<T>> optionalOf(StoredType<T> item) {
    return new StoredType<>("Optional<" + item.name + ">", Codecs.optional(item.codec));
  }

  /** Maps; their order is kept. */
  public static <K, V> StoredType<Map<K, V>> mapOf(Class<K> key, Class<V> value) {
    return mapOf(key, of(value));
  }

  /** Maps; their order is kept. */
  public static <K, V> StoredType<Map<K, V>> mapOf(Class<K> key, StoredType<V> value) {
    StoredType<K> keys = of(key);
    return new StoredType<>(
        "Map<" + keys.name + ", " + value.name + ">", Codecs.map(keys.codec, value.codec));
  }

  /** For the engine. */
  public Codec<T> codec() {
    return codec;
  }

  /** The type as Java writes it. */
  @Override
  public String toString() {
    return name;
  }
}
