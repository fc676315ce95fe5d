package dev.abide.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes an interface's copiers into its descriptor. */
final class CopierWriter {
  private final ObjectModel model;
  private final Copiers copiers;

  CopierWriter(ObjectModel model, Copiers copiers) {
    this.model = model;
    this.copiers = copiers;
  }

  void writeConstants(TypeSpec.Builder descriptor) {
    copiers
        .entries()
        .forEach((type, entry) ->
            descriptor.addField(
                FieldSpec.builder(
                        ParameterizedTypeName.get(Spi.COPIER, type),
                        entry.constant(),
                        Modifier.STATIC,
                        Modifier.FINAL)
                    .initializer(copiers.initializer(entry, model.descriptor()))
                    .build()));
  }

  void writeMethods(TypeSpec.Builder descriptor) {
    for (var named : model.shapes().copied()) {
      TypeName type = named.getKey();
      UniqueNames names = new UniqueNames();
      for (Shapes.Part part : named.getValue().parts()) {
        if (named.getValue().isRecord()) {
          names.reserve(part.name());
        }
      }
      String value = names.take("value");
      String stubs = names.take("stubs");
      String what = names.take("what");
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(copiers.method(type))
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .returns(type)
              .addParameter(type, value)
              .addParameter(Spi.STUB_CHECK, stubs)
              .addParameter(String.class, what);
      CodeBlock tail = CodeBlock.of("$L, $L", stubs, what);
      if (named.getValue().isRecord()) {
        writeRecord(method, type, named.getValue(), names, value, tail);
      } else {
        writeSealed(method, named.getValue(), value, tail);
      }
      descriptor.addMethod(method.build());
    }
  }

  /** Copies the components that may need it; keeps the record if none did. */
  private void writeRecord(
      MethodSpec.Builder method,
      TypeName type,
      Shapes.NamedType named,
      UniqueNames names,
      String value,
      CodeBlock tail) {
    List<CodeBlock> arguments = new ArrayList<>();
    List<CodeBlock> unchanged = new ArrayList<>();
    for (Shapes.Part part : named.parts()) {
      if (!model.shapes().copies(part.shape())) {
        arguments.add(CodeBlock.of("$L.$L()", value, part.name()));
        continue;
      }
      TypeName partType = TypeName.get(part.type());
      String copy = names.take(part.name() + "Copy");
      method.addStatement("$T $L = $L.$L()", partType, part.name(), value, part.name());
      method.addStatement(
          "$T $L = $L.component($S, $L, $L)",
          partType,
          copy,
          copiers.constant(partType),
          part.name(),
          part.name(),
          tail);
      arguments.add(CodeBlock.of("$L", copy));
      unchanged.add(CodeBlock.of("$L == $L", copy, part.name()));
    }
    method.beginControlFlow("if ($L)", CodeBlock.join(unchanged, " && "));
    method.addStatement("return $L", value);
    method.endControlFlow();
    method.addStatement("return new $T($L)", type, CodeBlock.join(arguments, ", "));
  }

  private void writeSealed(
      MethodSpec.Builder method, Shapes.NamedType named, String value, CodeBlock tail) {
    method.addCode("return switch ($L) {\n$>", value);
    for (Shapes.Part part : named.parts()) {
      TypeName partType = TypeName.get(part.type());
      CodeBlock copy =
          model.shapes().copies(part.shape())
              ? CodeBlock.of("$L.copy(part, $L)", copiers.constant(partType), tail)
              : CodeBlock.of("part");
      method.addCode("case $T part -> $L;\n", partType, copy);
    }
    method.addCode("$<};\n");
  }
}
