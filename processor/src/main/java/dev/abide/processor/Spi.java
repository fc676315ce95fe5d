package dev.abide.processor;

import com.palantir.javapoet.ClassName;

/** The engine's types that generated code names. The processor does not depend on the engine. */
final class Spi {
  private static final String PACKAGE = "dev.abide.engine.spi";

  static final ClassName CALL = ClassName.get(PACKAGE, "Call");
  static final ClassName CBOR_READER = ClassName.get(PACKAGE, "CborReader");
  static final ClassName CBOR_WRITER = ClassName.get(PACKAGE, "CborWriter");
  static final ClassName CODEC = ClassName.get(PACKAGE, "Codec");
  static final ClassName CODECS = ClassName.get(PACKAGE, "Codecs");
  static final ClassName COPIER = ClassName.get(PACKAGE, "Copier");
  static final ClassName COPIES = ClassName.get(PACKAGE, "Copies");
  static final ClassName DEFINITION = ClassName.get(PACKAGE, "Definition");
  static final ClassName DESCRIPTOR = ClassName.get(PACKAGE, "Descriptor");
  static final ClassName ENUM_CODEC = ClassName.get(PACKAGE, "EnumCodec");
  static final ClassName METHOD_DESCRIPTOR = ClassName.get(PACKAGE, "MethodDescriptor");
  static final ClassName RECORD_CODEC = ClassName.get(PACKAGE, "RecordCodec");
  static final ClassName STAGE_CALL = ClassName.get(PACKAGE, "StageCall");
  static final ClassName STORED_CODEC = ClassName.get(PACKAGE, "StoredCodec");
  static final ClassName STUB = ClassName.get(PACKAGE, "Stub");
  static final ClassName STUB_CHECK = ClassName.get(PACKAGE, "StubCheck");
  static final ClassName TARGET = ClassName.get(PACKAGE, "Target");
  static final ClassName TURN = ClassName.get(PACKAGE, "Turn");

  private Spi() {}
}
