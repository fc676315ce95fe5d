package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import dev.abide.annotations.Deadline;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads one interface into its model, and reports what is wrong with its methods. */
final class ObjectReader {
  private static final Shape NOTHING = new Shape.AsIs();

  private final Environment env;
  private final TypeElement type;
  private final MethodRules rules;
  private final InheritedMethods inherited;
  private final Shapes shapes = new Shapes();
  private final ShapeReader shapeReader;
  private final UniqueNames constants = new UniqueNames();
  private final UniqueNames callClasses = new UniqueNames();
  private boolean unresolved;

  ObjectReader(Environment env, TypeElement type) {
    this.env = env;
    this.type = type;
    this.rules = new MethodRules(env);
    this.inherited = new InheritedMethods(env, type);
    this.shapeReader = new ShapeReader(env, shapes);
    constants.reserve("METHODS");
    for (Element member : env.elements().getAllMembers(type)) {
      if (member instanceof TypeElement) {
        callClasses.reserve(member.getSimpleName().toString());
      }
    }
  }

  /** Whether something was met that does not exist (yet): the model is not to be used then. */
  boolean unresolved() {
    return unresolved || inherited.unresolved() || shapeReader.unresolved();
  }

  /** Types named by class files that do not exist: the compiler does not miss them. */
  Set<String> missing() {
    return shapeReader.missing();
  }

  /** The model; not to be used if problems were reported. */
  ObjectModel read(String name) {
    List<MethodModel> methods = new ArrayList<>();
    for (List<ExecutableElement> group : inherited.groups()) {
      MethodModel method = method(group);
      if (method != null) {
        methods.add(method);
      }
    }
    checkOverloads(methods);
    shapes.settle();
    shapeReader.checkVouched();
    ObjectModel model = new ObjectModel(type, ClassName.get(type), name, methods, shapes);
    new PartRules(env, model).check();
    return model;
  }

  private @Nullable MethodModel method(List<ExecutableElement> group) {
    ExecutableElement method = group.get(0);
    ExecutableType resolved = inherited.resolved(method);
    Element at = PartRules.reportAt(type, method);
    String name = method.getSimpleName().toString();
    String label = type.getSimpleName() + "." + name;
    Duration deadline = deadline(method, at, label);
    rules.checkAgree(group, at, label);
    if (!rules.check(method, resolved, at, label)) {
      return null;
    }
    boolean stages = StageValues.isStage(resolved.getReturnType());
    TypeMirror value = stages ? StageValues.of(resolved.getReturnType()) : resolved.getReturnType();
    return new MethodModel(
        method,
        name,
        label,
        signature(name, resolved),
        constants.take(GeneratedNames.constant(name)),
        callClasses.take(GeneratedNames.callClass(name)),
        Marks.has(method, ReadOnly.class),
        Marks.has(method, OneWay.class),
        Marks.has(method, Exposed.class),
        deadline,
        method.isVarArgs(),
        parameters(method, resolved, at, label),
        TypeName.get(resolved.getReturnType()),
        stages,
        TypeName.get(stages ? value : resolved.getReturnType()),
        stages && StageValues.isNothing(value) ? NOTHING : result(method, value, at, label),
        stages
            ? StageValues.isNothing(value) || Marks.nullable(StageValues.of(method.getReturnType()))
            : Marks.nullable(method, method.getReturnType()),
        thrown(group));
  }

  private List<ParameterModel> parameters(
      ExecutableElement method, ExecutableType resolved, Element at, String label) {
    List<ParameterModel> parameters = new ArrayList<>();
    for (int i = 0; i < method.getParameters().size(); i++) {
      VariableElement parameter = method.getParameters().get(i);
      TypeMirror parameterType = resolved.getParameterTypes().get(i);
      String name = GeneratedNames.parameter(parameter.getSimpleName().toString(), i);
      String place = name + " of " + label;
      Element spotAt = at.equals(method) ? parameter : at;
      Shape shape =
          shapeReader.read(
              parameterType, new Spot(spotAt, MarkStep.owner(method), "parameter " + place, name));
      parameters.add(
          new ParameterModel(
              name,
              "argument " + place,
              TypeName.get(parameterType),
              shape,
              Marks.nullable(parameter, parameter.asType())));
    }
    return parameters;
  }

  private Shape result(ExecutableElement method, TypeMirror result, Element at, String label) {
    return result.getKind() == TypeKind.VOID || !rules.mayReturn(method, result)
        ? NOTHING
        : shapeReader.read(
            result, new Spot(at, MarkStep.owner(method), "result of " + label, "result"));
  }

  private @Nullable Duration deadline(ExecutableElement method, Element at, String label) {
    AnnotationMirror annotation = Marks.find(method, Deadline.class);
    if (annotation == null) {
      return null;
    }
    String text = Marks.text(annotation);
    if (text == null) {
      unresolved = true;
      return null;
    }
    Duration deadline = DeadlineText.parse(text);
    if (deadline == null) {
      env.problems().report(Problem.BAD_DEADLINE, at, label, text);
    }
    return deadline;
  }

  /** The name and the erased parameter types. */
  private String signature(String name, ExecutableType method) {
    return method.getParameterTypes().stream()
        .map(parameter -> TypeName.get(env.types().erasure(parameter)).toString())
        .collect(Collectors.joining(",", name + "(", ")"));
  }

  /** What all declarations of the method allow. */
  private List<TypeName> thrown(List<ExecutableElement> group) {
    List<TypeName> thrown = new ArrayList<>();
    for (TypeMirror exception : inherited.resolved(group.get(0)).getThrownTypes()) {
      if (exception.getKind() == TypeKind.ERROR) {
        shapeReader.missing(exception, MarkStep.owner(group.get(0)));
      } else if (group.stream().allMatch(method -> allows(method, exception))) {
        thrown.add(TypeName.get(exception));
      }
    }
    return thrown;
  }

  private boolean allows(ExecutableElement method, TypeMirror exception) {
    return inherited.resolved(method).getThrownTypes().stream()
        .anyMatch(allowed -> env.types().isSubtype(exception, allowed));
  }

  private void checkOverloads(List<MethodModel> methods) {
    Set<String> reported = new HashSet<>();
    for (MethodModel method : methods) {
      boolean overloaded = methods.stream().filter(m -> m.name().equals(method.name())).count() > 1;
      if (method.exposed() && overloaded && reported.add(method.name())) {
        env.problems()
            .report(
                Problem.EXPOSED_OVERLOAD,
                PartRules.reportAt(type, method.element()),
                method.name(),
                type.getSimpleName());
      }
    }
  }
}
