package dev.abide.undertow;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import dev.abide.annotations.Stored;
import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/**
 * What Jackson is told of types without annotations of its own: components are required unless they
 * are {@code Optional} or {@code @Nullable}; members of a sealed interface are told apart by the
 * property {@code type}.
 */
final class JsonRules extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  static final String MEMBER_PROPERTY = "type";

  /** The records below a sealed interface. */
  static List<Class<?>> members(Class<?> sealed) {
    List<Class<?>> members = new ArrayList<>();
    for (Class<?> member : sealed.getPermittedSubclasses()) {
      if (member.isSealed() && member.isInterface()) {
        members.addAll(members(member));
      } else if (!members.contains(member)) {
        members.add(member);
      }
    }
    return members;
  }

  /** The name that {@code @Stored} gives, which is the one on disk; else the class's own. */
  static String memberName(Class<?> member) {
    Stored stored = member.getAnnotation(Stored.class);
    return stored == null || stored.value().isEmpty() ? member.getSimpleName() : stored.value();
  }

  @Override
  public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    return isRequired(member);
  }

  @Override
  public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedMember member && isRequired(member)) {
      return JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL);
    }
    return super.findSetterInfo(config, annotated);
  }

  private static boolean isRequired(AnnotatedMember member) {
    return member.getRawType() != Optional.class
        && Stream.concat(member.annotations(), Arrays.stream(ofItsType(member)))
            .map(Annotation::annotationType)
            .noneMatch(type -> type.getSimpleName().equals("Nullable"));
  }

  /** The annotations of the type itself, which Jackson does not look at. */
  private static Annotation[] ofItsType(AnnotatedMember member) {
    if (member instanceof AnnotatedParameter parameter) {
      return parameter.getOwner().getAnnotated() instanceof Executable owner
          ? owner.getAnnotatedParameterTypes()[parameter.getIndex()].getAnnotations()
          : new Annotation[0];
    }
    return switch (member.getAnnotated()) {
      case Field field -> field.getAnnotatedType().getAnnotations();
      case Method method -> method.getAnnotatedReturnType().getAnnotations();
      default -> new Annotation[0];
    };
  }

  @Override
  public JsonTypeInfo.Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedClass type && isUnion(type.getRawType())) {
      return JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME,
          JsonTypeInfo.As.PROPERTY,
          MEMBER_PROPERTY,
          null,
          /* visible */ false,
          /* requireTypeIdForSubtypes */ true,
          /* writeTypeIdForDefaultImpl */ true);
    }
    return super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    if (isUnion(annotated.getRawType())) {
      return members(annotated.getRawType()).stream()
          .map(member -> new NamedType(member, memberName(member)))
          .toList();
    }
    return super.findSubtypes(config, annotated);
  }

  private static boolean isUnion(Class<?> type) {
    return type.isSealed() && type.isInterface();
  }
}
