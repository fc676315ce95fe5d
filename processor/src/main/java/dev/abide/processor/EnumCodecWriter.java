package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the codec of an enum. */
final class EnumCodecWriter {
  private EnumCodecWriter() {}

  static TypeSpec.Builder write(StoredModel.OfEnum model) {
    ClassName type = ClassName.get(model.type());
    return CodecParts.codec(model)
        .superclass(ParameterizedTypeName.get(Spi.ENUM_CODEC, type))
        .addMethod(number(model, type))
        .addMethod(constant(model, type))
        .addMethod(definition(model));
  }

  private static MethodSpec definition(StoredModel.OfEnum model) {
    List<CodeBlock> parts =
        model.constants().stream()
            .map(constant ->
                CodeBlock.of(
                    "$T.constant($L, $S)", Spi.DEFINITION, constant.number(), constant.name()))
            .toList();
    return CodecParts.definition(model, "constants", parts);
  }

  private static MethodSpec number(StoredModel.OfEnum model, ClassName type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("number")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(int.class)
            .addParameter(type, "value");
    if (model.constants().isEmpty()) {
      return method
          .addStatement("throw new IllegalArgumentException($S)", type + " has no constants")
          .build();
    }
    method.addCode("return switch (value) {\n$>");
    for (StoredModel.Constant constant : model.constants()) {
      method.addCode("case $L -> $L;\n", constant.name(), constant.number());
    }
    return method.addCode("$<};\n").build();
  }

  private static MethodSpec constant(StoredModel.OfEnum model, ClassName type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("constant")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(type)
            .addParameter(int.class, "number")
            .addCode("return switch (number) {\n$>");
    for (StoredModel.Constant constant : model.constants()) {
      method.addCode("case $L -> $T.$L;\n", constant.number(), type, constant.name());
    }
    return method
        .addCode(
            "default ->\n$>$>throw new IllegalArgumentException(\n$>$>$S + number);\n$<$<$<$<$<};\n",
            "no constant of " + model.type().getSimpleName() + " has the number ")
        .build();
  }
}
