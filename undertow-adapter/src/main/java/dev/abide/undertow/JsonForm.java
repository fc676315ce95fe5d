package dev.abide.undertow;

import com.fasterxml.jackson.annotation.Nulls;
import dev.abide.engine.spi.MethodDescriptor;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

/**
 * Arguments and results as JSON. Strict: unknown, repeated and missing properties, nulls, fractions
 * for integers, texts for numbers and what follows the end are refused, with the path.
 */
final class JsonForm {
  private static final Set<Class<?>> SCALARS =
      Set.of(
          String.class,
          Character.class,
          BigInteger.class,
          BigDecimal.class,
          java.net.URI.class,
          java.util.UUID.class);

  private final JsonMapper mapper;
  private final int bodyBytesMax;

  JsonForm(int bodyBytesMax, int depthMax) {
    this.bodyBytesMax = bodyBytesMax;
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(depthMax)
                    .maxStringLength(bodyBytesMax)
                    .maxNameLength(1_024)
                    .maxNumberLength(400)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    this.mapper =
        JsonMapper.builder(factory)
            .annotationIntrospector(new JsonRules())
            .addModule(new ExactNumbers())
            .addModule(new NarrowNumbers())
            .addModule(new StrictTexts())
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(
                DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // of one argument: the next
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(
                DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
                DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(config ->
                config
                    .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail))
            .build();
  }

  ObjectReader reader(JavaType type) {
    return mapper.readerFor(type);
  }

  ObjectWriter writer(JavaType type) {
    return mapper.writerFor(type);
  }

  TypeFactory types() {
    return mapper.getTypeFactory();
  }

  /** Whether a value can stand in a query. */
  static boolean isScalar(JavaType type) {
    Class<?> raw =
        type.isReferenceType() ? type.getReferencedType().getRawClass() : type.getRawClass();
    return raw.isPrimitive()
        || raw.isEnum()
        || SCALARS.contains(raw)
        || Number.class.isAssignableFrom(raw)
        || raw == Boolean.class
        || raw.getPackageName().equals("java.time");
  }

  /**
   * Refuses a type that has no JSON form, or an ambiguous one.
   *
   * @throws IllegalArgumentException if so
   */
  void check(JavaType type, String label) {
    check(type, label, new HashSet<>());
  }

  private void check(JavaType type, String label, Set<JavaType> seen) {
    if (!seen.add(type)) {
      return;
    }
    for (JavaType inside : type.getBindings().getTypeParameters()) {
      check(inside, label, seen);
    }
    if (type.isArrayType()) {
      check(type.getContentType(), label, seen);
    }
    Class<?> raw = type.getRawClass();
    if (raw.isRecord()) {
      for (var component : raw.getRecordComponents()) {
        check(
            types().resolveMemberType(component.getGenericType(), type.getBindings()), label, seen);
      }
    } else if (raw.isSealed() && raw.isInterface()) {
      Map<String, Class<?>> names = new HashMap<>();
      for (Class<?> member : JsonRules.members(raw)) {
        String name = JsonRules.memberName(member);
        Class<?> other = names.put(name, member);
        if (other != null) {
          throw new IllegalArgumentException(
              label
                  + ": "
                  + other.getName()
                  + " and "
                  + member.getName()
                  + " are both \""
                  + name
                  + "\" in JSON. Give one of them another name by @Stored(\"...\")");
        }
        if (member.isRecord()
            && java.util.Arrays.stream(member.getRecordComponents())
                .anyMatch(part -> part.getName().equals(JsonRules.MEMBER_PROPERTY))) {
          throw new IllegalArgumentException(
              label
                  + ": "
                  + member.getName()
                  + " has a component \""
                  + JsonRules.MEMBER_PROPERTY
                  + "\", which is what tells the members of "
                  + raw.getSimpleName()
                  + " apart in JSON. Rename the component");
        }
        check(types().constructType(member), label, seen);
      }
    }
  }

  /** The arguments of a body, in the method's order; null where one is missing or null. */
  @Nullable Object[] arguments(Route route, byte[] body) {
    MethodDescriptor method = route.method();
    List<String> names = method.parameters();
    @Nullable Object[] arguments = absent(route);
    if (body.length == 0) {
      return complete(route, arguments, new boolean[names.size()]);
    }
    boolean[] given = new boolean[names.size()];
    String at = "";
    try (JsonParser parser = mapper.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Refusal.badRequest("the body is not a JSON object of the arguments by name");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        int index = names.indexOf(name);
        if (index < 0) {
          throw Refusal.badRequest(
              "there is no argument \"" + shown(name) + "\"; " + method.name() + takes(names));
        }
        given[index] = true;
        at = name;
        parser.nextToken();
        arguments[index] = route.readers().get(index).readValue(parser);
        at = "";
      }
      if (parser.nextToken() != null) {
        throw Refusal.badRequest("something follows the JSON object");
      }
    } catch (JacksonException refused) {
      throw refusal(at, refused);
    }
    return complete(route, arguments, given);
  }

  /** The arguments of a query. */
  @Nullable Object[] arguments(Route route, Map<String, String> query) {
    List<String> names = route.method().parameters();
    @Nullable Object[] arguments = absent(route);
    boolean[] given = new boolean[names.size()];
    query.forEach((name, text) -> {
      int index = names.indexOf(name);
      if (index < 0) {
        throw Refusal.badRequest(
            "there is no argument \""
                + shown(name)
                + "\"; "
                + route.method().name()
                + takes(names));
      }
      given[index] = true;
      arguments[index] =
          scalar(route.parameters().get(index), route.readers().get(index), name, text);
    });
    return complete(route, arguments, given);
  }

  private Object scalar(JavaType type, ObjectReader argument, String name, String text) {
    Class<?> raw =
        type.isReferenceType() ? type.getReferencedType().getRawClass() : type.getRawClass();
    boolean bare =
        (raw.isPrimitive() && raw != char.class)
            || Number.class.isAssignableFrom(raw)
            || raw == Boolean.class
            || raw == java.time.Year.class;
    try {
      ObjectReader reader = argument.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
      Object value = reader.readValue(bare ? utf8(text) : mapper.writeValueAsBytes(text));
      if (value == null) {
        throw Refusal.badRequest(name + ": \"" + shown(text) + "\" is no value");
      }
      return value;
    } catch (JacksonException refused) {
      throw refusal(name, refused);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable Object[] absent(Route route) {
    @Nullable Object[] arguments = new @Nullable Object[route.parameters().size()];
    for (int i = 0; i < arguments.length; i++) {
      if (route.parameters().get(i).getRawClass() == Optional.class) {
        arguments[i] = Optional.empty();
      }
    }
    return arguments;
  }

  private static @Nullable Object[] complete(
      Route route, @Nullable Object[] arguments, boolean[] given) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] == null && !route.nullable().get(i)) {
        String name = route.method().parameters().get(i);
        throw Refusal.badRequest(
            given[i] ? name + ": it may not be null" : "the argument \"" + name + "\" is missing");
      }
    }
    return arguments;
  }

  private static String takes(List<String> names) {
    return names.isEmpty() ? " takes none" : " takes " + String.join(", ", names);
  }

  /** What is wrong and where, in the caller's words; nothing of classes. */
  private Refusal refusal(String argument, JacksonException refused) {
    String path =
        refused.getPath().stream()
            .map(step ->
                step.getPropertyName() != null
                    ? "." + step.getPropertyName()
                    : "[" + step.getIndex() + "]")
            .collect(Collectors.joining());
    String where = argument + path;
    String what = JsonRefusals.describe(refused, bodyBytesMax);
    return Refusal.badRequest(
        where.isEmpty()
            ? what
            : shown(where.startsWith(".") ? where.substring(1) : where) + ": " + what);
  }

  /** A stranger's text, short. */
  static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  /** Writes a result. */
  void write(Route route, @Nullable Object value, OutputStream out) {
    route.writer().writeValue(out, value);
  }
}
