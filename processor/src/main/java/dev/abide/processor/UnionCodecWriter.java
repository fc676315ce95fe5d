package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the codec of a sealed interface: its members' names, and who writes and reads them. */
final class UnionCodecWriter {
  private UnionCodecWriter() {}

  static TypeSpec.Builder write(StoredModel.OfUnion model) {
    ClassName type = ClassName.get(model.type());
    return CodecParts.codec(model)
        .addSuperinterface(ParameterizedTypeName.get(Spi.STORED_CODEC, type))
        .addMethod(write(model, type))
        .addMethod(read(model, type))
        .addMethod(definition(model));
  }

  private static MethodSpec definition(StoredModel.OfUnion model) {
    List<CodeBlock> parts =
        model.members().stream()
            .map(member ->
                CodeBlock.of(
                    "$T.member($S, new $T())", Spi.DEFINITION, member.name(), member.codec()))
            .toList();
    return CodecParts.definition(model, "union", parts);
  }

  private static MethodSpec write(StoredModel.OfUnion model, ClassName type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("write")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .addParameter(Spi.CBOR_WRITER, "out")
            .addParameter(type, "value")
            .addCode("switch (value) {\n$>");
    for (StoredModel.Member member : model.members()) {
      method.addCode(
          "case $T member -> new $T().writeMember(out, $S, member);\n",
          member.type(),
          member.codec(),
          member.name());
    }
    return method.addCode("$<}\n").build();
  }

  private static MethodSpec read(StoredModel.OfUnion model, ClassName type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("read")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(type)
            .addParameter(Spi.CBOR_READER, "in")
            .addStatement("int entries = in.beginMap()")
            .addStatement("$T member = in.readMember(entries)", String.class)
            .addCode("return switch (member) {\n$>");
    for (StoredModel.Member member : model.members()) {
      method.addCode(
          "case $S -> new $T().readMember(in, entries);\n", member.name(), member.codec());
    }
    return method
        .addCode(
            "default -> throw in.refuse($S + member + $S);\n$<};\n",
            model.type().getSimpleName() + " has no member \"",
            "\"")
        .build();
  }
}
