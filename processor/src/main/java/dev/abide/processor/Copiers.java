package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.lang.model.type.TypeMirror;

/**
 * The copiers that one interface's descriptor holds as constants: one for each record, sealed
 * interface, parameter, result and component that may have to be copied.
 */
final class Copiers {
  /**
   * One constant.
   *
   * @param constant its name
   * @param method the method that copies a record or a sealed interface, else empty
   * @param shape what it copies
   */
  record Entry(String constant, String method, Shape shape) {}

  private final ObjectModel model;
  private final UniqueNames constants = new UniqueNames();
  private final UniqueNames methods = new UniqueNames();
  private final Map<TypeName, Entry> entries = new LinkedHashMap<>();

  Copiers(ObjectModel model) {
    this.model = model;
    constants.reserve("METHODS");
    model.methods().forEach(method -> constants.reserve(method.constant()));
    // Records and sealed interfaces first: the other constants' initialisers name theirs.
    for (var named : model.shapes().copied()) {
      String method = methods.take(GeneratedNames.copierMethod(named.getKey()));
      add(named.getKey(), method, new Shape.Named(named.getKey()));
    }
    for (MethodModel method : model.methods()) {
      method.parameters().forEach(parameter -> add(parameter.type(), "", parameter.shape()));
      add(method.value(), "", method.resultShape());
    }
    for (var named : model.shapes().copied()) {
      for (Shapes.Part part : named.getValue().parts()) {
        add(TypeName.get(part.type()), "", part.shape());
      }
    }
  }

  private void add(TypeName type, String method, Shape shape) {
    if (model.shapes().copies(shape) && !entries.containsKey(type)) {
      String constant = constants.take(GeneratedNames.copierConstant(type));
      entries.put(type, new Entry(constant, method, shape));
    }
  }

  /** All constants, those that others need first. */
  Map<TypeName, Entry> entries() {
    return entries;
  }

  /** The constant that copies values of this type. */
  String constant(TypeName type) {
    return entry(type).constant();
  }

  /** The method that copies this record or sealed interface. */
  String method(TypeName type) {
    return entry(type).method();
  }

  /** The constant, seen from another class. */
  CodeBlock qualified(TypeName type) {
    return CodeBlock.of("$T.$L", model.descriptor(), constant(type));
  }

  /** What a constant is initialised with. */
  CodeBlock initializer(Entry entry, ClassName descriptor) {
    return entry.method().isEmpty()
        ? expression(entry.shape())
        : CodeBlock.of("$T::$L", descriptor, entry.method());
  }

  private CodeBlock expression(Shape shape) {
    if (!model.shapes().copies(shape)) {
      return CodeBlock.of("$T.asIs()", Spi.COPIES);
    }
    return switch (shape) {
      case Shape.AsIs() -> CodeBlock.of("$T.asIs()", Spi.COPIES);
      case Shape.StubOf stub -> CodeBlock.of("$T.stub()", Spi.COPIES);
      case Shape.ListOf(TypeMirror type, Shape element) ->
          CodeBlock.of("$T.list($L)", Spi.COPIES, expression(element));
      case Shape.SetOf(TypeMirror type, Shape element) ->
          CodeBlock.of("$T.set($L)", Spi.COPIES, expression(element));
      case Shape.MapOf(TypeMirror type, Shape key, Shape value) ->
          CodeBlock.of("$T.map($L, $L)", Spi.COPIES, expression(key), expression(value));
      case Shape.OptionalOf(TypeMirror type, Shape content) ->
          CodeBlock.of("$T.optional($L)", Spi.COPIES, expression(content));
      case Shape.PrimitivesOf array -> CodeBlock.of("$T.primitives()", Spi.COPIES);
      case Shape.ArrayOf(TypeMirror type, TypeName component, Shape element) ->
          CodeBlock.of("$T.array($T.class, $L)", Spi.COPIES, component, expression(element));
      case Shape.Named(TypeName name) -> CodeBlock.of("$L", constant(name));
    };
  }

  private Entry entry(TypeName type) {
    Entry entry = entries.get(type);
    if (entry == null) {
      throw new IllegalArgumentException("no copier was made for " + type);
    }
    return entry;
  }
}
