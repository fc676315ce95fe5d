package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a component is when old data lacks it: a declared text, parsed when the codec is made, so
 * that a mistake in it is found by the compiler and not by the first old object that wakes.
 *
 * @param code the value as an expression
 */
record MissingValue(CodeBlock code) {
  private static final Map<String, Function<String, CodeBlock>> PARSERS =
      Map.ofEntries(
          Map.entry("java.lang.Boolean", MissingValue::truth),
          Map.entry("java.lang.Byte", text -> CodeBlock.of("(byte) $L", Byte.parseByte(text))),
          Map.entry("java.lang.Short", text -> CodeBlock.of("(short) $L", Short.parseShort(text))),
          Map.entry("java.lang.Integer", text -> CodeBlock.of("$L", Integer.parseInt(text))),
          Map.entry("java.lang.Long", text -> CodeBlock.of("$LL", Long.parseLong(text))),
          Map.entry("java.lang.Float", MissingValue::floating),
          Map.entry("java.lang.Double", MissingValue::doubled),
          Map.entry("java.lang.Character", MissingValue::character),
          Map.entry("java.lang.String", text -> CodeBlock.of("$S", text)),
          parsed("java.math.BigInteger", "new $T($S)", BigInteger::new),
          parsed("java.math.BigDecimal", "new $T($S)", BigDecimal::new),
          parsed("java.net.URI", "$T.create($S)", URI::create),
          parsed("java.util.UUID", "$T.fromString($S)", UUID::fromString),
          parsed("java.time.Duration", "$T.parse($S)", Duration::parse),
          parsed("java.time.Instant", "$T.parse($S)", Instant::parse),
          parsed("java.time.LocalDate", "$T.parse($S)", LocalDate::parse),
          parsed("java.time.LocalDateTime", "$T.parse($S)", LocalDateTime::parse),
          parsed("java.time.LocalTime", "$T.parse($S)", LocalTime::parse),
          parsed("java.time.Period", "$T.parse($S)", Period::parse),
          parsed("java.time.ZoneId", "$T.of($S)", ZoneId::of));

  /** Whether a value can be declared for that type. */
  static boolean canBeDeclared(String type) {
    return PARSERS.containsKey(type);
  }

  /**
   * The value of the text, or null if it is none of the type.
   *
   * @param type a type of which {@link #canBeDeclared} holds
   */
  static @Nullable MissingValue parse(String type, String text) {
    Function<String, CodeBlock> parser = PARSERS.get(type);
    if (parser == null) {
      throw new IllegalArgumentException("no value of " + type + " can be declared");
    }
    try {
      return new MissingValue(parser.apply(text));
    } catch (RuntimeException refused) { // each parser has an exception of its own
      return null;
    }
  }

  private static Map.Entry<String, Function<String, CodeBlock>> parsed(
      String type, String form, Function<String, Object> parser) {
    return Map.entry(
        type,
        text -> {
          var _ = parser.apply(text);
          return CodeBlock.of(form, ClassName.bestGuess(type), text);
        });
  }

  private static CodeBlock truth(String text) {
    return switch (text) {
      case "true", "false" -> CodeBlock.of("$L", text);
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static CodeBlock floating(String text) {
    float value = Float.parseFloat(text);
    return Float.isFinite(value)
        ? CodeBlock.of("$Lf", value)
        : CodeBlock.of("Float.parseFloat($S)", text);
  }

  private static CodeBlock doubled(String text) {
    double value = Double.parseDouble(text);
    return Double.isFinite(value)
        ? CodeBlock.of("$L", value)
        : CodeBlock.of("Double.parseDouble($S)", text);
  }

  private static CodeBlock character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException(text);
    }
    return CodeBlock.of("$S.charAt(0)", text);
  }
}
