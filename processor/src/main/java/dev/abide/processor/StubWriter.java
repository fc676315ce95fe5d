package dev.abide.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes {@code CounterStub}, its call records inside. */
final class StubWriter {
  private final ObjectModel model;
  private final Copiers copiers;

  StubWriter(ObjectModel model, Copiers copiers) {
    this.model = model;
    this.copiers = copiers;
  }

  TypeSpec.Builder write() {
    TypeSpec.Builder stub =
        TypeSpec.classBuilder(model.stub())
            .addJavadoc("What callers of a {@link $T} hold.", model.interfaceName())
            .addModifiers(Modifier.FINAL)
            .superclass(Spi.STUB)
            .addSuperinterface(model.interfaceName())
            .addMethod(
                MethodSpec.constructorBuilder()
                    .addParameter(Spi.TARGET, "target")
                    .addStatement("super(target)")
                    .build());
    CallWriter calls = new CallWriter(model, copiers);
    for (MethodModel method : model.methods()) {
      stub.addMethod(method(method));
    }
    for (MethodModel method : model.methods()) {
      stub.addType(calls.write(method));
    }
    return stub;
  }

  private MethodSpec method(MethodModel method) {
    MethodSpec.Builder written =
        MethodSpec.methodBuilder(method.name())
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(method.result())
            .varargs(method.varargs())
            .addExceptions(method.thrown());
    UniqueNames names = new UniqueNames();
    for (ParameterModel parameter : method.parameters()) {
      names.reserve(parameter.name());
      written.addParameter(ParameterSpec.builder(parameter.type(), parameter.name()).build());
    }
    for (ParameterModel parameter : method.parameters()) {
      checkAndCopy(written, parameter);
    }
    if (method.oneWay()) {
      written.addStatement("send($L)", newCall(method));
    } else if (method.stage()) {
      written.addStatement("return stage($L)", newCall(method));
    } else if (method.deadline() != null) {
      queue(written, method, names);
    } else {
      String turn = names.take("turn");
      written.addStatement(
          "$T $L = take($T.$L)", Spi.TURN, turn, model.descriptor(), method.constant());
      written.beginControlFlow("if ($L == null)", turn);
      queue(written, method, names);
      if (method.isVoid()) {
        written.addStatement("return");
      }
      written.endControlFlow();
      runHere(written, method, names, turn);
    }
    return written.build();
  }

  private void checkAndCopy(MethodSpec.Builder written, ParameterModel parameter) {
    if (model.shapes().copies(parameter.shape())) {
      written.addStatement(
          "$L =$W$L.$L($L,$Wtarget(),$W$S)",
          parameter.name(),
          copiers.qualified(parameter.type()),
          parameter.nullable() ? "orNull" : "required",
          parameter.name(),
          parameter.label());
    } else if (!parameter.type().isPrimitive() && !parameter.nullable()) {
      written.addStatement("$T.required($L, $S)", Spi.COPIES, parameter.name(), parameter.label());
    }
  }

  private static void queue(MethodSpec.Builder written, MethodModel method, UniqueNames names) {
    if (method.isVoid()) {
      written.addStatement("queue($L)", newCall(method));
      return;
    }
    String call = names.take("call");
    written.addStatement("$L $L = $L", method.callClass(), call, newCall(method));
    written.addStatement("queue($L)", call);
    written.addStatement("return $L.$L", call, CallWriter.resultField(method));
  }

  private static CodeBlock newCall(MethodModel method) {
    return CodeBlock.of("new $L($L)", method.callClass(), arguments(method));
  }

  static CodeBlock arguments(MethodModel method) {
    return CodeBlock.join(
        method.parameters().stream().map(p -> CodeBlock.of("$L", p.name())).toList(), ", ");
  }

  /*
   * The stack may end anywhere: between take(...) and try there is no call, and the first two steps
   * of the catch are stores.
   */
  private void runHere(
      MethodSpec.Builder written, MethodModel method, UniqueNames names, String turn) {
    String result = names.take("result");
    String commit = names.take("commit");
    String failure = names.take("failure");
    if (!method.isVoid()) {
      written.addStatement("$T $L", method.result(), result);
    }
    written.addStatement("long $L", commit);
    written.beginControlFlow("try");
    CodeBlock instance =
        CodeBlock.of("$L.begin($T.$L)", turn, model.descriptor(), method.constant());
    CodeBlock value = result(model, copiers, method, instance, turn);
    if (method.isVoid()) {
      written.addStatement(value);
    } else {
      written.addStatement("$L =$W$L", result, value);
    }
    written.addStatement("$L = $L.end()", commit, turn);
    written.nextControlFlow("catch ($T $L)", Throwable.class, failure);
    written.addCode("// These two are plain stores: they cannot overflow the stack.\n");
    written.addStatement("$L.stack.depth = $L.depth", turn, turn);
    written.addStatement("$L.phase = $T.ABANDONED", turn, Spi.TURN);
    written.addStatement("throw $L.failed($L)", turn, failure);
    written.endControlFlow();
    written.beginControlFlow("if ($L != 0)", commit);
    written.addStatement("await($L)", commit);
    written.endControlFlow();
    if (!method.isVoid()) {
      written.addStatement("return $L", result);
    }
  }

  /** The call of the user's method, its result checked and copied. */
  static CodeBlock result(
      ObjectModel model, Copiers copiers, MethodModel method, CodeBlock instance, String turn) {
    CodeBlock call =
        CodeBlock.of(
            "(($T) $L).$L($L)", model.interfaceName(), instance, method.name(), arguments(method));
    if (method.stage()) {
      // What it completes with is checked and copied when it does.
      return CodeBlock.of("$T.required($L,$W$S)", Spi.COPIES, call, method.resultLabel());
    }
    if (model.shapes().copies(method.resultShape())) {
      return copied(copiers, method, call, turn);
    }
    return method.result().isPrimitive() || method.resultNullable() || method.isVoid()
        ? call
        : CodeBlock.of("$T.required($L,$W$S)", Spi.COPIES, call, method.resultLabel());
  }

  /** What crosses, copied. */
  static CodeBlock copied(Copiers copiers, MethodModel method, CodeBlock value, String check) {
    return CodeBlock.of(
        "$L.$L(\n$L,\n$L,\n$S)",
        copiers.qualified(method.value()),
        method.resultNullable() ? "orNull" : "required",
        value,
        check,
        method.resultLabel());
  }
}
