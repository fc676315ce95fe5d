package dev.abide.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** What all codecs have in common. */
final class CodecParts {
  private CodecParts() {}

  /** A codec with its constructor. */
  static TypeSpec.Builder codec(StoredModel model) {
    return TypeSpec.classBuilder(model.codec())
        .addJavadoc("The form of {@link $T} on disk.", model.type())
        .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
        .addMethod(
            MethodSpec.constructorBuilder()
                .addJavadoc("For the engine, which finds this class by its name.")
                .addModifiers(Modifier.PUBLIC)
                .build());
  }

  /**
   * Says what the type consists of.
   *
   * @param kind the method of the engine's that puts the parts together
   */
  static MethodSpec definition(StoredModel model, String kind, List<CodeBlock> parts) {
    CodeBlock.Builder code =
        CodeBlock.builder()
            .add("return $T.$L($S", Spi.DEFINITION, kind, model.type().getSimpleName());
    parts.forEach(part -> code.add(",\n$L", part));
    return MethodSpec.methodBuilder("definition")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(Spi.DEFINITION)
        .addStatement("$L", code.add(")").build())
        .build();
  }

  /** The codec of a part, as an expression that needs no other codec's class to be initialised. */
  static CodeBlock expression(StoredPart part) {
    return switch (part) {
      case StoredPart.Scalar(String constant) -> CodeBlock.of("$T.$L", Spi.CODECS, constant);
      case StoredPart.Generated(var codec) -> CodeBlock.of("$T.later($T::new)", Spi.CODECS, codec);
      case StoredPart.ListOf(StoredPart element) ->
          CodeBlock.of("$T.list($L)", Spi.CODECS, expression(element));
      case StoredPart.SetOf(StoredPart element) ->
          CodeBlock.of("$T.set($L)", Spi.CODECS, expression(element));
      case StoredPart.MapOf(StoredPart key, StoredPart value) ->
          CodeBlock.of("$T.map($L, $L)", Spi.CODECS, expression(key), expression(value));
      case StoredPart.OptionalOf(StoredPart content) ->
          CodeBlock.of("$T.optional($L)", Spi.CODECS, expression(content));
    };
  }
}
