package dev.abide.undertow;

import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * What is written as a text, in the one form in which it is written: texts and characters without
 * half a surrogate pair, which has no UTF-8 form; UUIDs with their hyphens; bytes as padded Base64.
 * Sets keep the order in which they came.
 */
final class StrictTexts extends SimpleModule {
  private static final long serialVersionUID = 1;

  StrictTexts() {
    super("strict-texts");
    addAbstractTypeMapping(Set.class, LinkedHashSet.class);
    addDeserializer(String.class, new TextReader<>(String.class, text -> wellFormed(text)));
    addDeserializer(Character.class, new TextReader<>(Character.class, StrictTexts::character));
    addDeserializer(Character.TYPE, new TextReader<>(Character.TYPE, StrictTexts::character));
    addDeserializer(UUID.class, new TextReader<>(UUID.class, StrictTexts::uuid));
    addDeserializer(byte[].class, new TextReader<>(byte[].class, StrictTexts::bytes));
    setDeserializerModifier(new StrictForms());
  }

  private static final class TextReader<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1;

    private final transient Function<String, T> parse;

    TextReader(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    @SuppressWarnings("unchecked") // nothing is returned there: both throw
    public T deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return (T) context.handleUnexpectedToken(handledType(), in);
      }
      try {
        return parse.apply(in.getString());
      } catch (IllegalArgumentException refused) {
        String shown = isWellFormed(in.getString()) ? in.getString() : "...";
        return (T) context.handleWeirdStringValue(handledType(), shown, "not of this form");
      }
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      if (handledType() == Character.TYPE) {
        context.reportInputMismatch(this, "null for a character");
      }
      return super.getNullValue(context);
    }
  }

  private static String wellFormed(String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException("half a pair");
    }
    return text;
  }

  private static Character character(String text) {
    if (text.length() != 1 || Character.isSurrogate(text.charAt(0))) {
      throw new IllegalArgumentException("not one character");
    }
    return text.charAt(0);
  }

  /** {@code UUID.fromString} takes "1-1-1-1-1" too. */
  private static UUID uuid(String text) {
    UUID id = UUID.fromString(text);
    if (!id.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("not in full");
    }
    return id;
  }

  /** The decoder lets the padding be missing, and bits be set that stand for nothing. */
  private static byte[] bytes(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException("not as it would be written");
    }
    return bytes;
  }

  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
