package dev.abide.processor;

import java.util.Map;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Which types the engine has codecs for, and what to store instead of one that has none. */
final class StorableTypes {
  private static final Map<String, String> CODECS =
      Map.ofEntries(
          Map.entry("java.lang.Boolean", "BOOLEAN"),
          Map.entry("java.lang.Byte", "BYTE"),
          Map.entry("java.lang.Short", "SHORT"),
          Map.entry("java.lang.Integer", "INTEGER"),
          Map.entry("java.lang.Long", "LONG"),
          Map.entry("java.lang.Float", "FLOAT"),
          Map.entry("java.lang.Double", "DOUBLE"),
          Map.entry("java.lang.Character", "CHARACTER"),
          Map.entry("java.lang.String", "STRING"),
          Map.entry("java.math.BigInteger", "BIG_INTEGER"),
          Map.entry("java.math.BigDecimal", "BIG_DECIMAL"),
          Map.entry("java.net.URI", "URI_VALUE"),
          Map.entry("java.util.UUID", "UUID_VALUE"),
          Map.entry("java.time.DayOfWeek", "DAY_OF_WEEK"),
          Map.entry("java.time.Duration", "DURATION"),
          Map.entry("java.time.Instant", "INSTANT"),
          Map.entry("java.time.LocalDate", "LOCAL_DATE"),
          Map.entry("java.time.LocalDateTime", "LOCAL_DATE_TIME"),
          Map.entry("java.time.LocalTime", "LOCAL_TIME"),
          Map.entry("java.time.Month", "MONTH"),
          Map.entry("java.time.MonthDay", "MONTH_DAY"),
          Map.entry("java.time.OffsetDateTime", "OFFSET_DATE_TIME"),
          Map.entry("java.time.OffsetTime", "OFFSET_TIME"),
          Map.entry("java.time.Period", "PERIOD"),
          Map.entry("java.time.Year", "YEAR"),
          Map.entry("java.time.YearMonth", "YEAR_MONTH"),
          Map.entry("java.time.ZonedDateTime", "ZONED_DATE_TIME"),
          Map.entry("java.time.ZoneId", "ZONE_ID"),
          Map.entry("java.time.ZoneOffset", "ZONE_OFFSET"));

  private StorableTypes() {}

  /** The constant of the engine's codec for the type, or null. */
  static @Nullable String codec(TypeElement type) {
    return CODECS.get(type.getQualifiedName().toString());
  }

  /** What to store instead of a type that cannot be stored as it is. */
  static String instead(TypeElement type, Environment env) {
    if (Marks.has(type, dev.abide.annotations.DurableObject.class)) {
      return "String for the object's id: a stub is not stored";
    }
    boolean storable =
        type.getKind() == ElementKind.RECORD
            || type.getKind() == ElementKind.ENUM
            || (type.getKind() == ElementKind.INTERFACE
                && type.getModifiers().contains(Modifier.SEALED));
    if (storable && type.getTypeParameters().isEmpty()) {
      return type.getSimpleName() + " annotated with @Stored";
    }
    String standard = SafeTypes.standardInstead(type, env);
    return standard != null ? standard : "a @Stored record of its parts";
  }
}
