package dev.abide.undertow;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * One form for each value, where Jackson is kind: it would take numbers and numbers in texts for
 * times, a date with an hour behind it for a date, blanks around a constant's name, and an array of
 * name and value for a member of a sealed interface.
 */
final class StrictForms extends ValueDeserializerModifier {
  private static final long serialVersionUID = 1;

  private static final Map<Class<?>, Function<String, ?>> TIMES =
      Map.ofEntries(
          Map.entry(Duration.class, Duration::parse),
          Map.entry(Instant.class, Instant::parse),
          Map.entry(LocalDate.class, LocalDate::parse),
          Map.entry(LocalDateTime.class, LocalDateTime::parse),
          Map.entry(LocalTime.class, LocalTime::parse),
          Map.entry(MonthDay.class, MonthDay::parse),
          Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
          Map.entry(OffsetTime.class, OffsetTime::parse),
          Map.entry(Period.class, Period::parse),
          Map.entry(YearMonth.class, YearMonth::parse),
          Map.entry(ZoneId.class, ZoneId::of),
          Map.entry(ZoneOffset.class, ZoneOffset::of),
          Map.entry(ZonedDateTime.class, ZonedDateTime::parse));

  @Override
  public ValueDeserializer<?> modifyDeserializer(
      DeserializationConfig config,
      BeanDescription.Supplier description,
      ValueDeserializer<?> found) {
    Class<?> type = description.getBeanClass();
    Function<String, ?> time = TIMES.get(type);
    if (time != null) {
      return new TimeReader(found, time);
    }
    return type.isSealed() && type.isInterface() ? new MemberReader(found) : found;
  }

  @Override
  public ValueDeserializer<?> modifyEnumDeserializer(
      DeserializationConfig config,
      JavaType type,
      BeanDescription.Supplier description,
      ValueDeserializer<?> found) {
    return new ConstantReader(found);
  }

  private static final class TimeReader extends DelegatingDeserializer {
    private final Function<String, ?> parse;

    TimeReader(ValueDeserializer<?> reader, Function<String, ?> parse) {
      super(reader);
      this.parse = parse;
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new TimeReader(reader, parse);
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return context.handleUnexpectedToken(handledType(), in);
      }
      String text = in.getString();
      try {
        return parse.apply(text);
      } catch (DateTimeException refused) {
        return context.handleWeirdStringValue(handledType(), text, "not of this form");
      }
    }
  }

  private static final class ConstantReader extends DelegatingDeserializer {
    ConstantReader(ValueDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new ConstantReader(reader);
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        String text = in.getString();
        if (!text.equals(text.trim())) {
          return context.handleWeirdStringValue(handledType(), text, "blanks around it");
        }
      }
      return super.deserialize(in, context);
    }
  }

  private static final class MemberReader extends DelegatingDeserializer {
    MemberReader(ValueDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
      return new MemberReader(reader);
    }

    @Override
    public Object deserializeWithType(
        JsonParser in, DeserializationContext context, TypeDeserializer types) {
      return in.currentToken() == JsonToken.START_OBJECT
          ? super.deserializeWithType(in, context, types)
          : context.handleUnexpectedToken(handledType(), in);
    }
  }
}
