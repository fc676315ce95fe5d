package dev.abide.undertow;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Tells in words of JSON what Jackson tells in words of Java: class names stay inside. */
final class JsonRefusals {
  private JsonRefusals() {}

  static String describe(JacksonException refused, int bytesMax) {
    return switch (refused) {
      case StreamConstraintsException limit ->
          "it is nested too deep, or a number, name or text in it is too long";
      case UnexpectedEndOfInputException end -> "the JSON ends early";
      case InputCoercionException number -> "the number is out of range or of the wrong kind";
      case StreamReadException syntax ->
          String.valueOf(syntax.getOriginalMessage()).startsWith("Duplicate")
              ? "a property is repeated"
              : "this is not well-formed JSON" + place(syntax.getLocation());
      case UnrecognizedPropertyException unknown ->
          "there is no property of that name here; known are " + unknown.getKnownPropertyIds();
      case InvalidNullException missing -> "it may not be null";
      case InvalidTypeIdException member ->
          "the property \"" + JsonRules.MEMBER_PROPERTY + "\" names no known member, or is missing";
      case InvalidFormatException format ->
          "\""
              + JsonForm.shown(String.valueOf(format.getValue()))
              + "\" is not a "
              + name(format.getTargetType());
      case ValueInstantiationException constructor -> {
        Throwable cause = constructor.getCause();
        yield "its parts do not go together"
            + (cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? ": " + cause.getMessage()
                : "");
      }
      case MismatchedInputException mismatch -> mismatch(mismatch);
      default -> "it cannot be read";
    };
  }

  private static String mismatch(MismatchedInputException mismatch) {
    String text = mismatch.getOriginalMessage();
    if (text != null && text.startsWith("Missing required creator property '")) {
      int from = text.indexOf('\'') + 1;
      return "the property \"" + text.substring(from, text.indexOf('\'', from)) + "\" is missing";
    }
    if (text != null && text.contains("Trailing token")) {
      return "something follows the value";
    }
    Class<?> wanted = mismatch.getTargetType();
    return wanted == null ? "it is of the wrong kind" : "it must be a " + name(wanted);
  }

  /** A type as a caller knows it. */
  private static String name(Class<?> type) {
    if (type == null) {
      return "value";
    }
    if (type.isEnum()) {
      return "name out of " + java.util.Arrays.toString(type.getEnumConstants());
    }
    if (type == byte[].class) {
      return "text in Base64";
    }
    if (java.util.Map.class.isAssignableFrom(type) || type.isRecord() || type.isSealed()) {
      return "JSON object";
    }
    if (java.util.Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "JSON array";
    }
    return type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String place(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
