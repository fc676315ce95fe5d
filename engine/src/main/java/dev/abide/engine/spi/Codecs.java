package dev.abide.engine.spi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The codecs of types that need no annotation. Their forms are final; {@code
 * docs/internals/stored-format.md} has each with its bytes.
 */
public final class Codecs {
  private static final int NEGATIVE_BIGNUM = 3;
  private static final int POSITIVE_BIGNUM = 2;
  private static final int DECIMAL = 4;
  private static final int URI_TAG = 32;
  private static final int UUID_TAG = 37;
  private static final int OFFSET_SECONDS_MAX = 18 * 3600;

  public static final Codec<Boolean> BOOLEAN =
      of("Boolean", CborWriter::writeBoolean, CborReader::readBoolean);
  public static final Codec<Byte> BYTE =
      Codecs.<Byte>of(
          "Byte", CborWriter::writeInt, in -> (byte) in.readInt(Byte.MIN_VALUE, Byte.MAX_VALUE));
  public static final Codec<Short> SHORT =
      Codecs.<Short>of(
          "Short",
          CborWriter::writeInt,
          in -> (short) in.readInt(Short.MIN_VALUE, Short.MAX_VALUE));
  public static final Codec<Integer> INTEGER =
      Codecs.<Integer>of(
          "Integer",
          CborWriter::writeInt,
          in -> (int) in.readInt(Integer.MIN_VALUE, Integer.MAX_VALUE));
  public static final Codec<Long> LONG = of("Long", CborWriter::writeInt, CborReader::readInt);
  public static final Codec<Float> FLOAT =
      of("Float", CborWriter::writeFloat, CborReader::readFloat);
  public static final Codec<Double> DOUBLE =
      of("Double", CborWriter::writeDouble, CborReader::readDouble);

  /** A UTF-16 unit as its number: a surrogate alone is a character too. */
  public static final Codec<Character> CHARACTER =
      of(
          "Character",
          (out, value) -> out.writeInt(value),
          in -> (char) in.readInt(0, Character.MAX_VALUE));

  public static final Codec<String> STRING =
      of("String", CborWriter::writeText, CborReader::readText);
  public static final Codec<byte[]> BYTES =
      of("byte[]", CborWriter::writeBytes, CborReader::readBytes);

  public static final Codec<UUID> UUID_VALUE =
      of(
          "UUID",
          (out, value) -> {
            out.writeTag(UUID_TAG);
            out.writeBytes(
                ByteBuffer.allocate(16)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array());
          },
          in -> {
            in.expectTag(UUID_TAG);
            byte[] bytes = in.readBytes();
            if (bytes.length != 16) {
              throw in.refuse("a UUID has " + bytes.length + " bytes instead of 16");
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
          });

  public static final Codec<URI> URI_VALUE =
      of(
          "URI",
          (out, value) -> {
            out.writeTag(URI_TAG);
            out.writeText(value.toString());
          },
          in -> {
            in.expectTag(URI_TAG);
            return checked(in, "a URI", URI::create, in.readText());
          });

  public static final Codec<BigInteger> BIG_INTEGER =
      of("BigInteger", Codecs::writeBig, Codecs::readBig);

  public static final Codec<BigDecimal> BIG_DECIMAL =
      of(
          "BigDecimal",
          (out, value) -> {
            out.writeTag(DECIMAL);
            out.beginArray(2);
            out.writeInt(-(long) value.scale());
            writeBig(out, value.unscaledValue());
          },
          in -> {
            in.expectTag(DECIMAL);
            in.beginArray(2);
            long exponent = in.readInt(-(long) Integer.MAX_VALUE, -(long) Integer.MIN_VALUE);
            return new BigDecimal(readBig(in), (int) -exponent);
          });

  public static final Codec<Instant> INSTANT =
      of(
          "Instant",
          (out, value) -> pair(out, value.getEpochSecond(), value.getNano()),
          in -> {
            in.beginArray(2);
            long seconds = in.readInt(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
            return Instant.ofEpochSecond(seconds, in.readInt(0, 999_999_999));
          });

  public static final Codec<Duration> DURATION =
      of(
          "Duration",
          (out, value) -> pair(out, value.getSeconds(), value.getNano()),
          in -> {
            in.beginArray(2);
            long seconds = in.readInt();
            return Duration.ofSeconds(seconds, in.readInt(0, 999_999_999));
          });

  public static final Codec<Period> PERIOD =
      of(
          "Period",
          (out, value) -> {
            out.beginArray(3);
            out.writeInt(value.getYears());
            out.writeInt(value.getMonths());
            out.writeInt(value.getDays());
          },
          in -> {
            in.beginArray(3);
            return Period.of(INTEGER.read(in), INTEGER.read(in), INTEGER.read(in));
          });

  public static final Codec<LocalDate> LOCAL_DATE =
      of(
          "LocalDate",
          (out, value) -> out.writeInt(value.toEpochDay()),
          in ->
              LocalDate.ofEpochDay(
                  in.readInt(LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay())));

  public static final Codec<LocalTime> LOCAL_TIME =
      of(
          "LocalTime",
          (out, value) -> out.writeInt(value.toNanoOfDay()),
          in -> LocalTime.ofNanoOfDay(in.readInt(0, LocalTime.MAX.toNanoOfDay())));

  public static final Codec<LocalDateTime> LOCAL_DATE_TIME =
      of(
          "LocalDateTime",
          (out, value) ->
              pair(out, value.toLocalDate().toEpochDay(), value.toLocalTime().toNanoOfDay()),
          in -> {
            in.beginArray(2);
            LocalDate date = LOCAL_DATE.read(in);
            return LocalDateTime.of(date, LOCAL_TIME.read(in));
          });

  /** As ISO text, as {@code toString} gives it: the offset is part of the value. */
  public static final Codec<OffsetDateTime> OFFSET_DATE_TIME =
      text(
          "OffsetDateTime",
          OffsetDateTime::toString,
          "a date and time with offset",
          OffsetDateTime::parse);

  /** As ISO text with the zone in brackets. */
  public static final Codec<ZonedDateTime> ZONED_DATE_TIME =
      text(
          "ZonedDateTime",
          ZonedDateTime::toString,
          "a date and time with zone",
          ZonedDateTime::parse);

  public static final Codec<ZoneId> ZONE_ID =
      text("ZoneId", ZoneId::getId, "a time zone", ZoneId::of);

  public static final Codec<ZoneOffset> ZONE_OFFSET =
      of(
          "ZoneOffset",
          (out, value) -> out.writeInt(value.getTotalSeconds()),
          in ->
              ZoneOffset.ofTotalSeconds((int) in.readInt(-OFFSET_SECONDS_MAX, OFFSET_SECONDS_MAX)));

  public static final Codec<Year> YEAR =
      of(
          "Year",
          (out, value) -> out.writeInt(value.getValue()),
          in -> Year.of((int) in.readInt(Year.MIN_VALUE, Year.MAX_VALUE)));

  public static final Codec<YearMonth> YEAR_MONTH =
      of(
          "YearMonth",
          (out, value) -> pair(out, value.getYear(), value.getMonthValue()),
          in -> {
            in.beginArray(2);
            int year = (int) in.readInt(Year.MIN_VALUE, Year.MAX_VALUE);
            return YearMonth.of(year, (int) in.readInt(1, 12));
          });

  public static final Codec<MonthDay> MONTH_DAY =
      of(
          "MonthDay",
          (out, value) -> pair(out, value.getMonthValue(), value.getDayOfMonth()),
          in -> {
            in.beginArray(2);
            Month month = Month.of((int) in.readInt(1, 12));
            return MonthDay.of(month, (int) in.readInt(1, month.maxLength()));
          });

  /** 1 is January. */
  public static final Codec<Month> MONTH =
      of(
          "Month",
          (out, value) -> out.writeInt(value.getValue()),
          in -> Month.of((int) in.readInt(1, 12)));

  /** 1 is Monday. */
  public static final Codec<DayOfWeek> DAY_OF_WEEK =
      of(
          "DayOfWeek",
          (out, value) -> out.writeInt(value.getValue()),
          in -> DayOfWeek.of((int) in.readInt(1, 7)));

  /** As ISO text. */
  public static final Codec<OffsetTime> OFFSET_TIME =
      text("OffsetTime", OffsetTime::toString, "a time with offset", OffsetTime::parse);

  private Codecs() {}

  /**
   * A codec that is made when it is first used. Stored types may contain each other: if a codec's
   * class waited for another's to be initialised, two threads could wait for each other for ever.
   */
  public static <T> Codec<T> later(Supplier<? extends Codec<T>> maker) {
    return new LaterCodec<>(maker);
  }

  /** Lists, as arrays. */
  public static <T> Codec<List<T>> list(Codec<T> item) {
    return of(
        () -> new Form.ListOf(item.form()),
        (out, value) -> writeItems(out, item, value),
        in -> {
          List<T> read = new ArrayList<>();
          readItems(in, item, read::add);
          return List.copyOf(read);
        });
  }

  /** Sets, as arrays in their order. */
  public static <T> Codec<Set<T>> set(Codec<T> item) {
    return of(
        () -> new Form.SetOf(item.form()),
        (out, value) -> writeItems(out, item, value),
        in -> {
          Set<T> read = new LinkedHashSet<>();
          readItems(
              in,
              item,
              one -> {
                if (!read.add(one)) {
                  throw in.refuse("the set has an element twice");
                }
              });
          return Collections.unmodifiableSet(read);
        });
  }

  /** Maps, as maps in their order. */
  public static <K, V> Codec<Map<K, V>> map(Codec<K> key, Codec<V> value) {
    return of(
        () -> new Form.MapOf(key.form(), value.form()),
        (out, all) -> {
          out.beginMap(all.size());
          all.forEach((one, its) -> {
            out.enter();
            key.write(out, Objects.requireNonNull(one, "a key of a stored map is null"));
            value.write(out, Objects.requireNonNull(its, "a value of a stored map is null"));
            out.leave();
          });
        },
        in -> {
          Map<K, V> read = new LinkedHashMap<>();
          int size = in.beginMap();
          for (int n = 0; n < size; n++) {
            in.enter("{" + n + "}");
            K one = key.read(in);
            if (read.put(one, value.read(in)) != null) {
              throw in.refuse("the map has a key twice");
            }
            in.leave();
          }
          return Collections.unmodifiableMap(read);
        });
  }

  /** Optionals, as arrays of none or one. */
  public static <T> Codec<Optional<T>> optional(Codec<T> item) {
    return of(
        () -> new Form.OptionalOf(item.form()),
        (out, value) -> {
          out.beginArray(value.isPresent() ? 1 : 0);
          if (value.isPresent()) {
            out.enter();
            item.write(out, value.get());
            out.leave();
          }
        },
        in -> {
          int size = in.beginArray();
          if (size > 1) {
            throw in.refuse("an optional has " + size + " values");
          }
          if (size == 0) {
            return Optional.empty();
          }
          in.enter("[0]");
          Optional<T> read = Optional.of(item.read(in));
          in.leave();
          return read;
        });
  }

  private static <T> void writeItems(CborWriter out, Codec<T> item, Collection<T> items) {
    out.beginArray(items.size());
    for (T one : items) {
      out.enter();
      item.write(out, Objects.requireNonNull(one, "an element of a stored list or set is null"));
      out.leave();
    }
  }

  private static <T> void readItems(CborReader in, Codec<T> item, Consumer<T> each) {
    int size = in.beginArray();
    for (int n = 0; n < size; n++) {
      in.enter("[" + n + "]");
      each.accept(item.read(in));
      in.leave();
    }
  }

  private static void writeBig(CborWriter out, BigInteger value) {
    boolean negative = value.signum() < 0;
    out.writeTag(negative ? NEGATIVE_BIGNUM : POSITIVE_BIGNUM);
    byte[] bytes = (negative ? value.not() : value).toByteArray();
    // The sign's own zero byte goes; zero itself has no bytes at all.
    int from = 0;
    while (from < bytes.length && bytes[from] == 0) {
      from++;
    }
    out.writeBytes(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static BigInteger readBig(CborReader in) {
    long tag = in.readTag();
    if (tag != POSITIVE_BIGNUM && tag != NEGATIVE_BIGNUM) {
      throw in.refuse("it has tag " + tag + ", which is no big integer's");
    }
    byte[] bytes = in.readBytes();
    if (bytes.length > 0 && bytes[0] == 0) {
      throw in.refuse("a big integer begins with a zero byte");
    }
    BigInteger value = new BigInteger(1, bytes);
    return tag == NEGATIVE_BIGNUM ? value.not() : value;
  }

  private static void pair(CborWriter out, long first, long second) {
    out.beginArray(2);
    out.writeInt(first);
    out.writeInt(second);
  }

  private static <T> Codec<T> text(
      String name, Function<T, String> write, String what, Function<String, T> read) {
    return of(
        name,
        (out, value) -> out.writeText(write.apply(value)),
        in -> checked(in, what, read, in.readText()));
  }

  private static <T> T checked(CborReader in, String what, Function<String, T> read, String text) {
    try {
      return read.apply(text);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw in.refuse("the text is not " + what + ": " + e.getMessage());
    }
  }

  private static <T> Codec<T> of(
      String name, BiConsumer<CborWriter, T> write, Function<CborReader, T> read) {
    Form form = new Form.Scalar(name);
    return of(() -> form, write, read);
  }

  private static <T> Codec<T> of(
      Supplier<Form> form, BiConsumer<CborWriter, T> write, Function<CborReader, T> read) {
    return new Codec<>() {
      @Override
      public void write(CborWriter out, T value) {
        write.accept(out, value);
      }

      @Override
      public T read(CborReader in) {
        return read.apply(in);
      }

      @Override
      public Form form() {
        return form.get();
      }
    };
  }
}
