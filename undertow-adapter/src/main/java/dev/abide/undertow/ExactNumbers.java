package dev.abide.undertow;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Numbers that browsers would round are texts: {@code long}s beyond 2^53 - 1, the largest integer
 * up to which each has a JavaScript number of its own, and all {@code BigInteger}s and {@code
 * BigDecimal}s. Both forms are read.
 */
final class ExactNumbers extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final long SAFE_MAX = (1L << 53) - 1;
  private static final int DIGITS_MAX = 400;

  ExactNumbers() {
    super("exact-numbers");
    addSerializer(Long.class, new LongWriter(Long.class));
    addSerializer(Long.TYPE, new LongWriter(Long.TYPE));
    addSerializer(BigInteger.class, new TextWriter<>(BigInteger.class));
    addSerializer(BigDecimal.class, new TextWriter<>(BigDecimal.class));
    addDeserializer(Long.class, new LongReader(Long.class));
    addDeserializer(Long.TYPE, new LongReader(Long.TYPE));
    addDeserializer(BigInteger.class, new BigIntegerReader());
    addDeserializer(BigDecimal.class, new BigDecimalReader());
  }

  private static final class LongWriter extends StdSerializer<Long> {
    LongWriter(Class<Long> type) {
      super(type);
    }

    @Override
    public void serialize(Long value, JsonGenerator out, SerializationContext context) {
      if (value >= -SAFE_MAX && value <= SAFE_MAX) {
        out.writeNumber(value.longValue());
      } else {
        out.writeString(value.toString());
      }
    }
  }

  private static final class TextWriter<T> extends StdSerializer<T> {
    TextWriter(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.toString());
    }
  }

  private static final class LongReader extends StdScalarDeserializer<Long> {
    private static final long serialVersionUID = 1;

    LongReader(Class<Long> type) {
      super(type);
    }

    @Override
    public Long deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        String text = in.getString();
        if (text.matches("-?[0-9]{1,19}")) {
          try {
            return Long.parseLong(text);
          } catch (NumberFormatException outOfRange) {
            return (Long) context.handleWeirdStringValue(Long.class, text, "out of range");
          }
        }
      }
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        return (Long) context.handleUnexpectedToken(Long.class, in);
      }
      return in.getLongValue();
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      if (handledType() == Long.TYPE) {
        context.reportInputMismatch(this, "null for a number");
      }
      return super.getNullValue(context);
    }
  }

  private static final class BigIntegerReader extends StdScalarDeserializer<BigInteger> {
    private static final long serialVersionUID = 1;

    BigIntegerReader() {
      super(BigInteger.class);
    }

    @Override
    public BigInteger deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        String text = in.getString();
        if (text.length() <= DIGITS_MAX && text.matches("-?[0-9]+")) {
          return new BigInteger(text);
        }
        return (BigInteger) context.handleWeirdStringValue(BigInteger.class, text, "no integer");
      }
      return in.currentToken() == JsonToken.VALUE_NUMBER_INT
          ? in.getBigIntegerValue()
          : (BigInteger) context.handleUnexpectedToken(BigInteger.class, in);
    }
  }

  private static final class BigDecimalReader extends StdScalarDeserializer<BigDecimal> {
    private static final long serialVersionUID = 1;

    BigDecimalReader() {
      super(BigDecimal.class);
    }

    @Override
    public BigDecimal deserialize(JsonParser in, DeserializationContext context) {
      BigDecimal value;
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        String text = in.getString();
        if (text.length() > DIGITS_MAX
            || !text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")) {
          return (BigDecimal) context.handleWeirdStringValue(BigDecimal.class, text, "no number");
        }
        value = new BigDecimal(text);
      } else if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
          || in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
        value = in.getDecimalValue();
      } else {
        return (BigDecimal) context.handleUnexpectedToken(BigDecimal.class, in);
      }
      // 1e999999999 takes ten bytes to send and a gigabyte to add 1 to.
      if (Math.abs((long) value.scale()) > DIGITS_MAX) {
        return (BigDecimal)
            context.handleWeirdNumberValue(BigDecimal.class, value, "too many digits");
      }
      return value;
    }
  }
}
