package dev.abide.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.abide.annotations.Compute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Writes {@code CounterDescriptor}. */
final class DescriptorWriter {
  private final ObjectModel model;
  private final Copiers copiers;

  DescriptorWriter(ObjectModel model, Copiers copiers) {
    this.model = model;
    this.copiers = copiers;
  }

  TypeSpec.Builder write() {
    TypeSpec.Builder descriptor =
        TypeSpec.classBuilder(model.descriptor())
            .addJavadoc("Describes {@link $T} to the engine.", model.interfaceName())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .superclass(ParameterizedTypeName.get(Spi.DESCRIPTOR, model.interfaceName()));
    model.methods().forEach(method -> descriptor.addField(constant(method)));
    CopierWriter copierWriter = new CopierWriter(model, copiers);
    copierWriter.writeConstants(descriptor);
    descriptor.addField(methodList());
    descriptor.addMethod(
        MethodSpec.constructorBuilder()
            .addJavadoc("For the engine, which finds this class by its name.")
            .addModifiers(Modifier.PUBLIC)
            .build());
    descriptor.addMethod(
        accessor(
                "type",
                ParameterizedTypeName.get(ClassName.get(Class.class), model.interfaceName()))
            .addStatement("return $T.class", model.interfaceName())
            .build());
    descriptor.addMethod(
        accessor("name", ClassName.get(String.class))
            .addStatement("return $S", model.name())
            .build());
    descriptor.addMethod(
        accessor(
                "methods",
                ParameterizedTypeName.get(ClassName.get(List.class), Spi.METHOD_DESCRIPTOR))
            .addStatement("return METHODS")
            .build());
    descriptor.addMethod(
        accessor("stub", model.interfaceName())
            .addParameter(Spi.TARGET, "target")
            .addStatement("return new $T(target)", model.stub())
            .build());
    descriptor.addMethod(call());
    addDoor(descriptor, "sockets");
    addDoor(descriptor, "requests");
    if (Marks.has(model.type(), Compute.class)) {
      descriptor.addMethod(
          accessor("compute", TypeName.BOOLEAN).addStatement("return true").build());
    }
    copierWriter.writeMethods(descriptor);
    return descriptor;
  }

  private FieldSpec constant(MethodModel method) {
    CodeBlock parameters =
        CodeBlock.join(
            method.parameters().stream().map(p -> CodeBlock.of("$S", p.name())).toList(), ", ");
    return FieldSpec.builder(
            Spi.METHOD_DESCRIPTOR, method.constant(), Modifier.STATIC, Modifier.FINAL)
        .initializer(
            "new $T(\n$>$>$L, $S, $S,\n/* readOnly */ $L, /* oneWay */ $L, /* exposed */ $L,\n"
                + "/* deadline */ $L, /* parameters */ $T.of($L))$<$<",
            Spi.METHOD_DESCRIPTOR,
            model.methods().indexOf(method),
            method.name(),
            method.signature(),
            method.readOnly(),
            method.oneWay(),
            method.exposed(),
            deadline(method.deadline()),
            List.class,
            parameters)
        .build();
  }

  private static CodeBlock deadline(@Nullable Duration deadline) {
    if (deadline == null) {
      return CodeBlock.of("null");
    }
    return deadline.toMillis() % 1000 == 0
        ? CodeBlock.of("$T.ofSeconds($L)", Duration.class, deadline.toSeconds())
        : CodeBlock.of("$T.ofMillis($L)", Duration.class, deadline.toMillis());
  }

  private FieldSpec methodList() {
    CodeBlock constants =
        CodeBlock.join(
            model.methods().stream().map(m -> CodeBlock.of("$L", m.constant())).toList(), ",$W");
    return FieldSpec.builder(
            ParameterizedTypeName.get(ClassName.get(List.class), Spi.METHOD_DESCRIPTOR),
            "METHODS",
            Modifier.PRIVATE,
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("$T.of($L)", List.class, constants)
        .build();
  }

  private static MethodSpec.Builder accessor(String name, TypeName result) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(result);
  }

  /** It is closed where nothing is said. */
  private void addDoor(TypeSpec.Builder descriptor, String door) {
    if (DoorRules.opens(model.type(), door)) {
      descriptor.addMethod(accessor(door, TypeName.BOOLEAN).addStatement("return true").build());
    }
  }

  private MethodSpec call() {
    MethodSpec.Builder call =
        accessor("call", Spi.CALL)
            .addParameter(Spi.METHOD_DESCRIPTOR, "method")
            .addParameter(ArrayTypeName.of(Object.class), "arguments")
            .addStatement("check(method, arguments)");
    CodeBlock refusal =
        CodeBlock.of(
            "throw new $T(method.signature() + $S)",
            IllegalArgumentException.class,
            " is not exposed");
    List<MethodModel> exposed = model.methods().stream().filter(MethodModel::exposed).toList();
    if (exposed.isEmpty()) {
      return call.addStatement(refusal).build();
    }
    call.addCode("return switch (method.index()) {\n$>");
    for (MethodModel method : exposed) {
      List<CodeBlock> arguments = new ArrayList<>();
      for (int i = 0; i < method.parameters().size(); i++) {
        arguments.add(argument(method.parameters().get(i), i));
      }
      CodeBlock list =
          arguments.size() < 2
              ? CodeBlock.join(arguments, "")
              : CodeBlock.of("\n$>$>$L$<$<", CodeBlock.join(arguments, ",\n"));
      call.addCode(
          "case $L -> new $T.$L($L);\n",
          model.methods().indexOf(method),
          model.stub(),
          method.callClass(),
          list);
    }
    call.addCode("default -> $L;\n$<};\n", refusal);
    return call.build();
  }

  private CodeBlock argument(ParameterModel parameter, int place) {
    CodeBlock argument =
        CodeBlock.of(
            "$L(arguments[$L],$W$T.class,$W$S)",
            parameter.nullable() && !parameter.type().isPrimitive() ? "argumentOrNull" : "argument",
            place,
            erased(parameter.type()),
            parameter.label());
    if (!model.shapes().copies(parameter.shape())) {
      return argument;
    }
    return CodeBlock.of(
        "$L.$L(\n$>$>$L,\n$T.NONE,\n$S)$<$<",
        copiers.constant(parameter.type()),
        parameter.nullable() ? "orNull" : "required",
        argument,
        Spi.STUB_CHECK,
        parameter.label());
  }

  private static TypeName erased(TypeName type) {
    return switch (type) {
      case ParameterizedTypeName generic -> generic.rawType();
      case ArrayTypeName array when !array.componentType().isPrimitive() ->
          ArrayTypeName.of(erased(array.componentType()));
      default -> type.isPrimitive() ? type.box() : type;
    };
  }
}
