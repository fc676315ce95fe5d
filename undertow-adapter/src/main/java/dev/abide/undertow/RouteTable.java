package dev.abide.undertow;

import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.MethodDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeBindings;
import tools.jackson.databind.type.TypeFactory;

/**
 * The exposed methods of all hosted types; nothing else can be reached. Made once, when the edge
 * opens: what has no JSON form is found then and not by the first request.
 */
final class RouteTable {
  private final Map<String, Map<String, Route>> routes = new HashMap<>();

  RouteTable(Door door, JsonForm json) {
    for (String name : door.types()) {
      Descriptor<?> descriptor = door.descriptor(name);
      if (descriptor == null) {
        throw new IllegalStateException("the hosted type " + name + " has no descriptor");
      }
      Map<String, Route> methods = new HashMap<>();
      for (MethodDescriptor method : descriptor.methods()) {
        if (method.exposed()) {
          methods.put(method.name(), route(descriptor, method, json));
        }
      }
      routes.put(name, methods);
    }
  }

  @Nullable Route find(String type, String method) {
    Map<String, Route> methods = routes.get(type);
    return methods == null ? null : methods.get(method);
  }

  private static Route route(Descriptor<?> descriptor, MethodDescriptor method, JsonForm json) {
    Method declared = declared(descriptor.type(), method);
    TypeFactory types = json.types();
    JavaType owner =
        types.constructType(descriptor.type()).findSuperType(declared.getDeclaringClass());
    TypeBindings bindings = owner == null ? TypeBindings.emptyBindings() : owner.getBindings();
    List<JavaType> parameters = new ArrayList<>();
    for (java.lang.reflect.Type type : declared.getGenericParameterTypes()) {
      parameters.add(types.resolveMemberType(type, bindings));
    }
    JavaType returned = types.resolveMemberType(declared.getGenericReturnType(), bindings);
    JavaType result =
        returned.getRawClass() == CompletionStage.class ? returned.containedType(0) : returned;
    String label = descriptor.name() + "." + method.name();
    parameters.forEach(type -> json.check(type, label));
    json.check(result, label);
    boolean byGet = method.readOnly() && parameters.stream().allMatch(JsonForm::isScalar);
    return new Route(
        descriptor.name(),
        method,
        List.copyOf(parameters),
        Arrays.stream(declared.getParameters()).map(RouteTable::isNullable).toList(),
        parameters.stream().map(json::reader).toList(),
        result,
        json.writer(result),
        Set.of(declared.getExceptionTypes()),
        byGet);
  }

  private static boolean isNullable(Parameter parameter) {
    return Stream.of(parameter.getAnnotations(), parameter.getAnnotatedType().getAnnotations())
        .flatMap(Arrays::stream)
        .anyMatch(type -> type.annotationType().getSimpleName().equals("Nullable"));
  }

  /**
   * The method in the interface that declares it last: exposed ones are not overloaded, but may be
   * declared again, and compilers add bridges.
   */
  private static Method declared(Class<?> type, MethodDescriptor wanted) {
    Method found = null;
    for (Method method : type.getMethods()) {
      if (method.getName().equals(wanted.name())
          && method.getParameterCount() == wanted.parameters().size()
          && !method.isBridge()
          && !Modifier.isStatic(method.getModifiers())
          && (found == null
              || found.getDeclaringClass().isAssignableFrom(method.getDeclaringClass()))) {
        found = method;
      }
    }
    if (found == null) {
      throw new IllegalStateException(
          wanted.signature()
              + " is described and not declared by "
              + type.getName()
              + ". Compile it anew: its descriptor is of another version");
    }
    return found;
  }
}
