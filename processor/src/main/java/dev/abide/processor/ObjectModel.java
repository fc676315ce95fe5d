package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import javax.lang.model.element.TypeElement;

/**
 * A durable interface that has been judged good.
 *
 * @param type the interface
 * @param interfaceName its class name
 * @param name the name given in {@code @DurableObject}
 * @param methods its methods, in the order of their indexes
 * @param shapes the records and sealed interfaces that the methods reach
 */
record ObjectModel(
    TypeElement type,
    ClassName interfaceName,
    String name,
    List<MethodModel> methods,
    Shapes shapes) {
  ClassName stub() {
    return GeneratedNames.stub(type);
  }

  ClassName descriptor() {
    return GeneratedNames.descriptor(type);
  }
}
