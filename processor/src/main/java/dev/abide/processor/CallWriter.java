package dev.abide.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes the call record of a method. */
final class CallWriter {
  private final ObjectModel model;
  private final Copiers copiers;

  CallWriter(ObjectModel model, Copiers copiers) {
    this.model = model;
    this.copiers = copiers;
  }

  TypeSpec write(MethodModel method) {
    UniqueNames names = names(method);
    String result = names.take("result");
    String turn = names.take("turn");
    String instance = names.take("instance");
    TypeSpec.Builder call =
        TypeSpec.classBuilder(method.callClass())
            .addJavadoc("A call of {@code $L} that waits in a mailbox.", method.name())
            .addModifiers(Modifier.STATIC, Modifier.FINAL)
            .superclass(Spi.CALL);
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addStatement("super($T.$L)", model.descriptor(), method.constant());
    for (ParameterModel parameter : method.parameters()) {
      call.addField(parameter.type(), parameter.name(), Modifier.PRIVATE, Modifier.FINAL);
      constructor.addParameter(parameter.type(), parameter.name());
      constructor.addStatement("this.$L = $L", parameter.name(), parameter.name());
    }
    if (!method.isVoid()) {
      call.addField(FieldSpec.builder(method.result(), result, Modifier.PRIVATE).build());
    }
    CodeBlock value = StubWriter.result(model, copiers, method, CodeBlock.of("$L", instance), turn);
    return call.addMethod(constructor.build())
        .addMethod(
            MethodSpec.methodBuilder("run")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .addException(Throwable.class)
                .addParameter(Spi.TURN, turn)
                .addParameter(Object.class, instance)
                .addStatement(method.isVoid() ? value : CodeBlock.of("$L = $L", result, value))
                .build())
        .addMethod(
            MethodSpec.methodBuilder("boxedResult")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(Object.class)
                .addStatement("return $L", method.isVoid() ? "null" : result)
                .build())
        .build();
  }

  /** The field that holds the result once the turn is over. */
  static String resultField(MethodModel method) {
    return names(method).take("result");
  }

  private static UniqueNames names(MethodModel method) {
    UniqueNames names = new UniqueNames();
    method.parameters().forEach(parameter -> names.reserve(parameter.name()));
    return names;
  }
}
