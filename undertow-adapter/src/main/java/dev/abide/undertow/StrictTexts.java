package dev.abide.undertow;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Texts and times are texts: Jackson would take numbers and arrays for times, as seconds or as
 * milliseconds. A text with half a surrogate pair has no UTF-8 form and is refused. Sets keep the
 * order in which they came.
 */
final class StrictTexts extends SimpleModule {
  private static final long serialVersionUID = 1;

  StrictTexts() {
    super("strict-texts");
    addAbstractTypeMapping(Set.class, LinkedHashSet.class);
    addDeserializer(String.class, new TextReader());
    setDeserializerModifier(new TimesAsTexts());
  }

  private static final class TextReader extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1;

    TextReader() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return (String) context.handleUnexpectedToken(String.class, in);
      }
      String text = in.getString();
      return isWellFormed(text)
          ? text
          : (String) context.handleWeirdStringValue(String.class, "...", "half a pair");
    }
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

  private static final class TimesAsTexts extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier description,
        ValueDeserializer<?> found) {
      Class<?> type = description.getBeanClass();
      boolean isTime =
          type.getPackageName().equals("java.time")
              && !type.isEnum()
              && type != java.time.Year.class;
      return isTime ? new TimeReader(found) : found;
    }
  }

  private static final class TimeReader extends DelegatingDeserializer {
    TimeReader(ValueDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new TimeReader(reader);
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) {
      return in.currentToken() == JsonToken.VALUE_STRING
          ? super.deserialize(in, context)
          : context.handleUnexpectedToken(handledType(), in);
    }
  }
}
