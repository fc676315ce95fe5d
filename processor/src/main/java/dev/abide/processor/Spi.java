package dev.abide.processor;

import com.palantir.javapoet.ClassName;

/** The engine's types that generated code names. The processor does not depend on the engine. */
final class Spi {
  private static final String PACKAGE = "dev.abide.engine.spi";

  static final ClassName CALL = ClassName.get(PACKAGE, "Call");
  static final ClassName COPIER = ClassName.get(PACKAGE, "Copier");
  static final ClassName COPIES = ClassName.get(PACKAGE, "Copies");
  static final ClassName DESCRIPTOR = ClassName.get(PACKAGE, "Descriptor");
  static final ClassName METHOD_DESCRIPTOR = ClassName.get(PACKAGE, "MethodDescriptor");
  static final ClassName STUB = ClassName.get(PACKAGE, "Stub");
  static final ClassName STUB_CHECK = ClassName.get(PACKAGE, "StubCheck");
  static final ClassName TARGET = ClassName.get(PACKAGE, "Target");
  static final ClassName TURN = ClassName.get(PACKAGE, "Turn");

  private Spi() {}
}
