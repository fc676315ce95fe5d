package dev.abide.undertow;

import java.util.Map;
import java.util.function.DoubleFunction;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Numbers that do not fit are refused: Jackson would make -56 of 200 for a byte, and infinity of
 * what is too large for a float or double. These three have texts for what is no number: {@code
 * "NaN"}, {@code "Infinity"}, {@code "-Infinity"}, as they are written.
 */
final class NarrowNumbers extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final Map<String, Double> NO_NUMBERS =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  NarrowNumbers() {
    super("narrow-numbers");
    addDeserializer(Byte.class, new ByteReader(Byte.class));
    addDeserializer(Byte.TYPE, new ByteReader(Byte.TYPE));
    addDeserializer(Double.class, new RealReader<>(Double.class, real -> real));
    addDeserializer(Double.TYPE, new RealReader<>(Double.TYPE, real -> real));
    addDeserializer(Float.class, new RealReader<>(Float.class, real -> (float) real));
    addDeserializer(Float.TYPE, new RealReader<>(Float.TYPE, real -> (float) real));
  }

  private abstract static class Reader<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1;

    Reader(Class<T> type) {
      super(type);
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      if (handledType().isPrimitive()) {
        context.reportInputMismatch(this, "null for a number");
      }
      return super.getNullValue(context);
    }
  }

  private static final class ByteReader extends Reader<Byte> {
    private static final long serialVersionUID = 1;

    ByteReader(Class<Byte> type) {
      super(type);
    }

    @Override
    public Byte deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        return (Byte) context.handleUnexpectedToken(handledType(), in);
      }
      int value = in.getIntValue();
      return value == (byte) value
          ? Byte.valueOf((byte) value)
          : (Byte) context.handleWeirdNumberValue(handledType(), value, "out of range");
    }
  }

  private static final class RealReader<T extends Number> extends Reader<T> {
    private static final long serialVersionUID = 1;

    private final transient DoubleFunction<T> narrow;

    RealReader(Class<T> type, DoubleFunction<T> narrow) {
      super(type);
      this.narrow = narrow;
    }

    @Override
    @SuppressWarnings("unchecked") // nothing is returned there: both throw
    public T deserialize(JsonParser in, DeserializationContext context) {
      JsonToken token = in.currentToken();
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        // A float from the digits: by way of a double it would be rounded twice.
        boolean isFloat = handledType() == Float.class || handledType() == Float.TYPE;
        T value = narrow.apply(isFloat ? in.getFloatValue() : in.getDoubleValue());
        return Double.isInfinite(value.doubleValue())
            ? (T) context.handleWeirdNumberValue(handledType(), value, "out of range")
            : value;
      }
      Double none = token == JsonToken.VALUE_STRING ? NO_NUMBERS.get(in.getString()) : null;
      return none == null
          ? (T) context.handleUnexpectedToken(handledType(), in)
          : narrow.apply(none);
    }
  }
}
