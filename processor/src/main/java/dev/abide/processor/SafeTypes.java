package dev.abide.processor;

import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Which types are safe to share by themselves, and what to use instead of one that is not. */
final class SafeTypes {
  private static final Set<String> SAFE =
      Set.of(
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Short",
          "java.lang.Character",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Float",
          "java.lang.Double",
          "java.lang.String",
          "java.math.BigInteger",
          "java.math.BigDecimal",
          "java.net.URI",
          "java.time.Duration",
          "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.LocalTime",
          "java.time.MonthDay",
          "java.time.OffsetDateTime",
          "java.time.OffsetTime",
          "java.time.Period",
          "java.time.Year",
          "java.time.YearMonth",
          "java.time.ZonedDateTime",
          "java.time.ZoneId",
          "java.time.ZoneOffset",
          "java.util.UUID");

  private static final Set<String> VOUCHING =
      Set.of(
          "dev.abide.annotations.SafeToShare",
          "com.google.errorprone.annotations.Immutable",
          "javax.annotation.concurrent.Immutable",
          "net.jcip.annotations.Immutable");

  private static final String CODE =
      "a value that says what to do: code does not cross between objects";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("java.lang.Object", "a concrete type, or a sealed interface of records"),
          Map.entry("java.lang.Void", "void"),
          Map.entry("java.lang.CharSequence", "String"),
          Map.entry("java.lang.StringBuilder", "String"),
          Map.entry("java.lang.StringBuffer", "String"),
          Map.entry("java.lang.Number", "a concrete number such as long or BigDecimal"),
          Map.entry("java.lang.Runnable", CODE),
          Map.entry("java.util.concurrent.Callable", CODE),
          Map.entry("java.lang.Iterable", "List"),
          Map.entry("java.lang.Throwable", "a record that says what failed"),
          Map.entry("java.util.concurrent.atomic.AtomicInteger", "int"),
          Map.entry("java.util.concurrent.atomic.AtomicLong", "long"),
          Map.entry("java.util.concurrent.atomic.AtomicBoolean", "boolean"),
          Map.entry("java.util.OptionalInt", "Optional<Integer>"),
          Map.entry("java.util.OptionalLong", "Optional<Long>"),
          Map.entry("java.util.OptionalDouble", "Optional<Double>"),
          Map.entry("java.util.Date", "java.time.Instant"),
          Map.entry("java.util.Calendar", "java.time.ZonedDateTime"),
          Map.entry("java.util.GregorianCalendar", "java.time.ZonedDateTime"),
          Map.entry("java.sql.Timestamp", "java.time.Instant"),
          Map.entry("java.sql.Date", "java.time.LocalDate"),
          Map.entry("java.sql.Time", "java.time.LocalTime"),
          Map.entry("java.time.Clock", "java.time.Instant, or the object's own clock"),
          Map.entry("java.time.InstantSource", "java.time.Instant, or the object's own clock"),
          Map.entry("java.util.Properties", "Map<String, String>"),
          Map.entry("java.net.URL", "java.net.URI"),
          Map.entry("java.nio.ByteBuffer", "byte[], as a parameter or result of its own"),
          Map.entry("java.io.File", "String"),
          Map.entry("java.nio.file.Path", "String"));

  private SafeTypes() {}

  /**
   * Whether values are known to be unchangeable: scalars, enums, and what an author vouches for.
   */
  static boolean isSafe(TypeElement type) {
    return SAFE.contains(type.getQualifiedName().toString())
        || type.getKind() == ElementKind.ENUM
        || isVouchedFor(type);
  }

  /** Whether the author says that instances may be shared. */
  static boolean isVouchedFor(TypeElement type) {
    for (AnnotationMirror annotation : type.getAnnotationMirrors()) {
      if (VOUCHING.contains(annotation.getAnnotationType().toString())) {
        return true;
      }
    }
    return false;
  }

  /** What to use instead of a type that everybody knows, or null. */
  static @Nullable String standardInstead(TypeElement type, Environment env) {
    String known = INSTEAD.get(type.getQualifiedName().toString());
    if (known != null) {
      return known;
    }
    if (extendsType(type, "java.util.Map", env)) {
      return "Map";
    }
    if (extendsType(type, "java.util.Set", env)) {
      return "Set";
    }
    if (extendsType(type, "java.lang.Iterable", env)
        || extendsType(type, "java.util.Iterator", env)
        || extendsType(type, "java.util.stream.BaseStream", env)) {
      return "List";
    }
    if (extendsType(type, "java.lang.Throwable", env)) {
      return "a record that says what failed";
    }
    if (type.getQualifiedName().toString().startsWith("java.util.function.")) {
      return CODE;
    }
    return type.getQualifiedName().toString().startsWith("java.")
        ? "a record of what is needed of it"
        : null;
  }

  /** What to use instead of an unsafe type. */
  static String instead(TypeElement type, Environment env) {
    String standard = standardInstead(type, env);
    if (standard != null) {
      return standard;
    }
    if (type.getKind() == ElementKind.INTERFACE) {
      return "a sealed interface of records; if no instance can ever change, annotate "
          + type.getSimpleName()
          + " with @SafeToShare";
    }
    String kind = type.getModifiers().contains(Modifier.ABSTRACT) ? "sealed interface" : "record";
    return "a "
        + kind
        + "; if no instance can ever change, annotate "
        + type.getSimpleName()
        + " with @SafeToShare";
  }

  private static boolean extendsType(TypeElement type, String superName, Environment env) {
    TypeElement superType = env.elements().getTypeElement(superName);
    return superType != null
        && env.types()
            .isSubtype(env.types().erasure(type.asType()), env.types().erasure(superType.asType()));
  }
}
