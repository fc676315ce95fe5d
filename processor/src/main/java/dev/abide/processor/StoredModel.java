package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import javax.lang.model.element.TypeElement;

/** A {@code @Stored} type as its codec needs it. */
sealed interface StoredModel {
  /** The type. */
  TypeElement type();

  /** The codec's name. */
  default ClassName codec() {
    return GeneratedNames.codec(type());
  }

  /** A record; its components in their order. */
  record OfRecord(TypeElement type, List<StoredPart.Component> components) implements StoredModel {
    /** The components by number, as they stand on disk. */
    List<StoredPart.Component> ascending() {
      return components.stream()
          .sorted((one, other) -> Integer.compare(one.number(), other.number()))
          .toList();
    }
  }

  /** An enum; its constants in their order. */
  record OfEnum(TypeElement type, List<Constant> constants) implements StoredModel {}

  /** A sealed interface; all records below it, in the order in which they are permitted. */
  record OfUnion(TypeElement type, List<Member> members) implements StoredModel {}

  /** An enum's constant and its number. */
  record Constant(String name, int number) {}

  /** A record of a sealed hierarchy and its name on disk. */
  record Member(ClassName type, ClassName codec, String name) {}
}
