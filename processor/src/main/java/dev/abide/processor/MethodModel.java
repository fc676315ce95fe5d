package dev.abide.processor;

import com.palantir.javapoet.TypeName;
import java.time.Duration;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/**
 * One method of a durable interface.
 *
 * @param element its declaration, perhaps in a super interface
 * @param name its name
 * @param label it in errors: {@code Cart.add}
 * @param signature the name with erased parameter types
 * @param constant the name of its constant in the descriptor
 * @param callClass the simple name of its call record
 * @param readOnly whether it is {@code @ReadOnly}
 * @param oneWay whether it is {@code @OneWay}
 * @param exposed whether it is {@code @Exposed}
 * @param deadline its {@code @Deadline}, or null
 * @param varargs whether its last parameter takes any number of arguments
 * @param parameters its parameters
 * @param result its result's type, type arguments resolved
 * @param stage whether the result is a {@code CompletionStage} of what crosses
 * @param value what crosses: the result, or what the stage completes with
 * @param resultShape how that is copied
 * @param resultNullable whether that may be null
 * @param thrown the exceptions that it declares
 */
record MethodModel(
    ExecutableElement element,
    String name,
    String label,
    String signature,
    String constant,
    String callClass,
    boolean readOnly,
    boolean oneWay,
    boolean exposed,
    @Nullable Duration deadline,
    boolean varargs,
    List<ParameterModel> parameters,
    TypeName result,
    boolean stage,
    TypeName value,
    Shape resultShape,
    boolean resultNullable,
    List<TypeName> thrown) {
  boolean isVoid() {
    return result.equals(TypeName.VOID);
  }

  /** What the result is called in errors. */
  String resultLabel() {
    return "result of " + label;
  }
}
