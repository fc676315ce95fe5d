package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** Writes the codec of a record. */
final class RecordCodecWriter {
  private final StoredModel.OfRecord model;
  private final ClassName type;
  private final UniqueNames names = new UniqueNames();
  private final Map<String, CodeBlock> codecs = new HashMap<>();

  RecordCodecWriter(StoredModel.OfRecord model) {
    this.model = model;
    this.type = ClassName.get(model.type());
    model.components().forEach(component -> names.reserve(component.name()));
  }

  TypeSpec.Builder write() {
    TypeSpec.Builder written =
        CodecParts.codec(model).superclass(ParameterizedTypeName.get(Spi.RECORD_CODEC, type));
    writeConstants(written);
    return written
        .addMethod(count())
        .addMethod(writeComponents())
        .addMethod(readComponents())
        .addMethod(definition());
  }

  /** The codecs that are put together from others get constants, named after their components. */
  private void writeConstants(TypeSpec.Builder written) {
    UniqueNames constants = new UniqueNames();
    for (StoredPart.Component component : model.components()) {
      CodeBlock expression = CodecParts.expression(component.part());
      if (!(component.part() instanceof StoredPart.Scalar)) {
        String constant = constants.take(constantName(component.name()));
        written.addField(
            FieldSpec.builder(
                    ParameterizedTypeName.get(Spi.CODEC, component.type()),
                    constant,
                    Modifier.PRIVATE,
                    Modifier.STATIC,
                    Modifier.FINAL)
                .initializer(expression)
                .build());
        expression = CodeBlock.of("$L", constant);
      }
      codecs.put(component.name(), expression);
    }
  }

  /** {@code SHAPES} for {@code shapes}, unless a component has that very name. */
  private String constantName(String component) {
    String name = GeneratedNames.constant(component);
    return model.components().stream().anyMatch(other -> other.name().equals(name))
        ? name + "_CODEC"
        : name;
  }

  private CodeBlock codec(StoredPart.Component component) {
    CodeBlock codec = codecs.get(component.name());
    if (codec == null) {
      throw new IllegalStateException("no codec was made for " + component.name());
    }
    return codec;
  }

  private MethodSpec count() {
    List<StoredPart.Component> all = model.ascending();
    CodeBlock sum =
        CodeBlock.of("$L", all.stream().filter(component -> !component.optional()).count());
    for (StoredPart.Component component : all) {
      if (component.optional()) {
        sum = CodeBlock.of("$L + present(value.$L())", sum, component.name());
      }
    }
    return MethodSpec.methodBuilder("count")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PROTECTED)
        .returns(int.class)
        .addParameter(type, "value")
        .addStatement("return $L", sum)
        .build();
  }

  private MethodSpec writeComponents() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("writeComponents")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PROTECTED)
            .addParameter(Spi.CBOR_WRITER, "out")
            .addParameter(type, "value");
    for (StoredPart.Component component : model.ascending()) {
      method.addStatement(
          "$L(out, $L, $S, $L, value.$L())",
          component.optional() ? "writePresent" : "write",
          component.number(),
          "." + component.name(),
          codec(component),
          component.name());
    }
    return method.build();
  }

  private MethodSpec definition() {
    List<CodeBlock> parts =
        model.ascending().stream()
            .map(component ->
                CodeBlock.of(
                    "$T.$L($L, $S, $L)",
                    Spi.DEFINITION,
                    component.optional() ? "optional" : "component",
                    component.number(),
                    component.name(),
                    codec(component)))
            .toList();
    return CodecParts.definition(model, "record", parts);
  }

  private MethodSpec readComponents() {
    String in = names.take("in");
    String entries = names.take("entries");
    String number = names.take("number");
    String left = names.take("left");
    String refusal = names.take("refusal");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("readComponents")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PROTECTED)
            .returns(type)
            .addParameter(Spi.CBOR_READER, in)
            .addParameter(int.class, entries);
    for (StoredPart.Component component : model.components()) {
      if (component.optional()) {
        TypeName optional =
            ParameterizedTypeName.get(ClassName.get(Optional.class), component.type());
        method.addStatement("$T $L = $T.empty()", optional, component.name(), Optional.class);
      } else {
        method.addStatement("$T $L = null", component.type(), component.name());
      }
    }
    method.addStatement("int $L = 0", number);
    method.beginControlFlow("for (int $1L = $2L; $1L > 0; $1L--)", left, entries);
    method.addStatement("$L = $L.readNumber($L)", number, in, number);
    method.beginControlFlow("switch ($L)", number);
    for (StoredPart.Component component : model.ascending()) {
      CodeBlock read =
          CodeBlock.of("read($L, $S, $L)", in, "." + component.name(), codec(component));
      method.addStatement(
          "case $L -> $L = $L",
          component.number(),
          component.name(),
          component.optional() ? CodeBlock.of("$T.of($L)", Optional.class, read) : read);
    }
    method.addStatement("default -> $L.skip()", in);
    method.endControlFlow();
    method.endControlFlow();
    for (StoredPart.Component component : model.components()) {
      writeMissing(method, component, in);
    }
    String arguments =
        model.components().stream()
            .map(StoredPart.Component::name)
            .collect(Collectors.joining(", "));
    method.beginControlFlow("try");
    method.addStatement("return new $T($L)", type, arguments);
    method.nextControlFlow("catch ($T $L)", RuntimeException.class, refusal);
    method.addStatement(
        "throw $L.refuse($S, $L)",
        in,
        "the constructor of " + model.type().getSimpleName() + " refuses its components",
        refusal);
    method.endControlFlow();
    return method.build();
  }

  private static void writeMissing(
      MethodSpec.Builder method, StoredPart.Component component, String in) {
    if (component.optional()) {
      return;
    }
    MissingValue missing = component.missing();
    method.beginControlFlow("if ($L == null)", component.name());
    if (missing == null) {
      method.addStatement("throw $L.missing($S)", in, "." + component.name());
    } else {
      method.addStatement("$L = $L", component.name(), missing.code());
    }
    method.endControlFlow();
  }
}
