package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import java.util.concurrent.CompletionStage;
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
            .superclass(method.stage() ? Spi.STAGE_CALL : Spi.CALL);
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addStatement("super($T.$L)", model.descriptor(), method.constant());
    for (ParameterModel parameter : method.parameters()) {
      call.addField(parameter.type(), parameter.name(), Modifier.PRIVATE, Modifier.FINAL);
      constructor.addParameter(parameter.type(), parameter.name());
      constructor.addStatement("this.$L = $L", parameter.name(), parameter.name());
    }
    call.addMethod(constructor.build());
    CodeBlock value = StubWriter.result(model, copiers, method, CodeBlock.of("$L", instance), turn);
    if (method.stage()) {
      return call.addMethod(begin(value, turn, instance)).addMethod(settled(method)).build();
    }
    if (!method.isVoid()) {
      call.addField(FieldSpec.builder(method.result(), result, Modifier.PRIVATE).build());
    }
    return call.addMethod(
            overriding("run")
                .addException(Throwable.class)
                .addParameter(Spi.TURN, turn)
                .addParameter(Object.class, instance)
                .addStatement(method.isVoid() ? value : CodeBlock.of("$L = $L", result, value))
                .build())
        .addMethod(
            overriding("boxedResult")
                .returns(Object.class)
                .addStatement("return $L", method.isVoid() ? "null" : result)
                .build())
        .build();
  }

  private static MethodSpec begin(CodeBlock value, String turn, String instance) {
    return overriding("begin")
        .returns(
            ParameterizedTypeName.get(
                ClassName.get(CompletionStage.class), WildcardTypeName.subtypeOf(Object.class)))
        .addException(Throwable.class)
        .addParameter(Spi.TURN, turn)
        .addParameter(Object.class, instance)
        .addStatement("return $L", value)
        .build();
  }

  private MethodSpec settled(MethodModel method) {
    CodeBlock copied;
    if (model.shapes().copies(method.resultShape())) {
      copied =
          StubWriter.copied(copiers, method, CodeBlock.of("($T) value", method.value()), "check");
    } else if (method.resultNullable()) {
      copied = CodeBlock.of("value");
    } else {
      copied = CodeBlock.of("$T.required(value,$W$S)", Spi.COPIES, method.resultLabel());
    }
    return overriding("settled")
        .returns(Object.class)
        .addParameter(Spi.STUB_CHECK, "check")
        .addParameter(Object.class, "value")
        .addStatement("return $L", copied)
        .build();
  }

  private static MethodSpec.Builder overriding(String name) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PROTECTED);
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
