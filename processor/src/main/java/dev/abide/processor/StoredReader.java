package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads one {@code @Stored} type; reports what cannot be stored. */
final class StoredReader {
  private final Environment env;
  private final TypeElement type;
  private final StoredPartReader parts;
  private final StoredNumbers numbers;

  StoredReader(Environment env, TypeElement type) {
    this.env = env;
    this.type = type;
    this.parts = new StoredPartReader(env, type);
    this.numbers = new StoredNumbers(env, type);
  }

  /** Whether something was met that does not exist (yet). */
  boolean unresolved() {
    return parts.unresolved() || numbers.unresolved();
  }

  /** Types named by class files that do not exist: the compiler does not miss them. */
  Set<String> missing() {
    return parts.missing();
  }

  /** The model, or null if what is wrong with it is reported elsewhere. */
  @Nullable StoredModel read() {
    return switch (type.getKind()) {
      case RECORD -> record();
      case ENUM -> constants();
      default -> union();
    };
  }

  private @Nullable StoredModel record() {
    List<? extends RecordComponentElement> elements = type.getRecordComponents();
    List<Integer> assigned = numbers.read(elements);
    List<StoredPart.Component> components = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      StoredPart.Component component = component(elements.get(i), assigned.get(i));
      if (component != null) {
        components.add(component);
      }
    }
    return components.size() == elements.size() ? new StoredModel.OfRecord(type, components) : null;
  }

  private StoredPart.@Nullable Component component(RecordComponentElement element, int number) {
    String name = element.getSimpleName().toString();
    String label = type.getSimpleName() + "." + name;
    TypeMirror mirror = element.asType();
    if (Marks.nullable(element, mirror)) {
      env.problems().report(Problem.NULLABLE_COMPONENT, element, label);
      return null;
    }
    boolean optional = isOptional(mirror);
    TypeMirror stored = optional ? ((DeclaredType) mirror).getTypeArguments().getFirst() : mirror;
    StoredPart part = parts.read(stored, element, label, optional ? name + "[]" : name);
    if (part == null) {
      return null;
    }
    MissingValue missing = missing(element, label, stored, part, optional);
    TypeName typeName = TypeName.get(stored);
    return new StoredPart.Component(
        name, number, typeName.isPrimitive() ? typeName.box() : typeName, part, optional, missing);
  }

  private static boolean isOptional(TypeMirror type) {
    return type.getKind() == TypeKind.DECLARED
        && ((TypeElement) ((DeclaredType) type).asElement())
            .getQualifiedName()
            .contentEquals("java.util.Optional")
        && ((DeclaredType) type).getTypeArguments().size() == 1;
  }

  private @Nullable MissingValue missing(
      Element element, String label, TypeMirror type, StoredPart part, boolean optional) {
    AnnotationMirror annotation = Marks.find(element, StoredAs.class);
    List<String> declared = annotation == null ? List.of() : Marks.texts(annotation, "missing");
    if (declared.isEmpty()) {
      return switch (part) {
        case StoredPart.ListOf list -> new MissingValue(CodeBlock.of("$T.of()", List.class));
        case StoredPart.SetOf set -> new MissingValue(CodeBlock.of("$T.of()", Set.class));
        case StoredPart.MapOf map -> new MissingValue(CodeBlock.of("$T.of()", Map.class));
        case StoredPart.Scalar scalar -> null;
        case StoredPart.Generated generated -> null;
        case StoredPart.OptionalOf inner -> null;
      };
    }
    TypeMirror boxed =
        type.getKind().isPrimitive() ? env.types().boxedClass((PrimitiveType) type).asType() : type;
    TypeElement declaring =
        boxed.getKind() == TypeKind.DECLARED
            ? (TypeElement) ((DeclaredType) boxed).asElement()
            : null;
    boolean isEnum = declaring != null && declaring.getKind() == ElementKind.ENUM;
    if (optional
        || declaring == null
        || (!isEnum && !MissingValue.canBeDeclared(declaring.getQualifiedName().toString()))) {
      env.problems().report(Problem.USELESS_MISSING, element, annotation, label, element.asType());
      return null;
    }
    MissingValue value = null;
    if (declared.size() == 1) {
      value =
          isEnum
              ? constant(declaring, declared.getFirst())
              : MissingValue.parse(declaring.getQualifiedName().toString(), declared.getFirst());
    }
    if (value == null) {
      String texts = "\"" + String.join("\", \"", declared) + "\"";
      env.problems().report(Problem.BAD_MISSING, element, annotation, label, texts, type);
    }
    return value;
  }

  private static @Nullable MissingValue constant(TypeElement type, String name) {
    for (Element element : type.getEnclosedElements()) {
      if (element.getKind() == ElementKind.ENUM_CONSTANT
          && element.getSimpleName().contentEquals(name)) {
        return new MissingValue(CodeBlock.of("$T.$L", ClassName.get(type), name));
      }
    }
    return null;
  }

  private StoredModel constants() {
    List<? extends Element> elements =
        type.getEnclosedElements().stream()
            .filter(element -> element.getKind() == ElementKind.ENUM_CONSTANT)
            .toList();
    List<Integer> assigned = numbers.read(elements);
    List<StoredModel.Constant> constants = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Element element = elements.get(i);
      String name = element.getSimpleName().toString();
      AnnotationMirror annotation = Marks.find(element, StoredAs.class);
      if (annotation != null && !Marks.texts(annotation, "missing").isEmpty()) {
        env.problems()
            .report(
                Problem.USELESS_MISSING,
                element,
                annotation,
                type.getSimpleName() + "." + name,
                "a constant");
      }
      constants.add(new StoredModel.Constant(name, assigned.get(i)));
    }
    return new StoredModel.OfEnum(type, constants);
  }

  private @Nullable StoredModel union() {
    Map<String, Found> found = new LinkedHashMap<>();
    boolean whole = collect(type, null, found);
    return whole && !found.isEmpty()
        ? new StoredModel.OfUnion(type, found.values().stream().map(Found::member).toList())
        : null;
  }

  /**
   * A member that was found.
   *
   * @param below the {@code @Stored} interface that it was found below, which reports what is wrong
   *     with it; null if that is the type itself
   */
  private record Found(StoredModel.Member member, @Nullable TypeElement below) {}

  /** Collects the records below a sealed interface; returns whether all is well. */
  private boolean collect(
      TypeElement sealed, @Nullable TypeElement below, Map<String, Found> found) {
    boolean whole = true;
    for (TypeMirror subtype : sealed.getPermittedSubclasses()) {
      if (subtype.getKind() != TypeKind.DECLARED) {
        parts.missing(subtype, sealed);
        continue;
      }
      TypeElement member = (TypeElement) ((DeclaredType) subtype).asElement();
      boolean nested =
          member.getKind() == ElementKind.INTERFACE
              && member.getModifiers().contains(Modifier.SEALED);
      if (nested) {
        boolean reports = below == null && Marks.has(member, Stored.class);
        whole &= collect(member, reports ? member : below, found);
      } else {
        whole &= take(member, below, found);
      }
    }
    return whole;
  }

  private boolean take(TypeElement member, @Nullable TypeElement below, Map<String, Found> found) {
    AnnotationMirror annotation = Marks.find(member, Stored.class);
    if (member.getKind() != ElementKind.RECORD || annotation == null) {
      return refuse(below == null, Problem.BAD_MEMBER, type, member);
    }
    String name = Marks.text(annotation);
    if (name == null || name.isEmpty()) {
      return refuse(below == null, Problem.NO_MEMBER_NAME, type, member);
    }
    ClassName memberType = ClassName.get(member);
    Found other =
        found.putIfAbsent(
            name,
            new Found(
                new StoredModel.Member(memberType, GeneratedNames.codec(member), name), below));
    if (other != null && !other.member().type().equals(memberType)) {
      return refuse(
          below == null || !below.equals(other.below()),
          Problem.MEMBER_NAME_TAKEN,
          type,
          member,
          name,
          other.member().type());
    }
    return StoredRules.isName(name) && member.getTypeParameters().isEmpty();
  }

  private boolean refuse(boolean here, Problem problem, Object... details) {
    if (here) {
      env.problems().report(problem, type, details);
    }
    return false;
  }
}
