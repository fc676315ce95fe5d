package dev.abide.engine.spi;

import java.util.List;

/** What a {@code @Stored} type consists of: the names of its numbers. Immutable. */
public sealed interface Definition {
  /** The type's simple name; for people, nothing is found by it. */
  String name();

  /**
   * A record.
   *
   * @param components by ascending number
   */
  record OfRecord(String name, List<Component> components) implements Definition {}

  /** An enum. */
  record OfEnum(String name, List<Constant> constants) implements Definition {}

  /** A sealed interface: all records below it. */
  record OfUnion(String name, List<Member> members) implements Definition {}

  /**
   * A component of a record.
   *
   * @param optional whether it is not written when it is empty
   */
  record Component(int number, String name, Form form, boolean optional) {}

  /** A constant of an enum. */
  record Constant(int number, String name) {}

  /**
   * A member of a sealed hierarchy.
   *
   * @param name as it stands at the key 0
   */
  record Member(String name, Form form) {}

  /** For generated codecs: a record. */
  static Definition record(String name, Component... components) {
    return new OfRecord(name, List.of(components));
  }

  /** For generated codecs: an enum. */
  static Definition constants(String name, Constant... constants) {
    return new OfEnum(name, List.of(constants));
  }

  /** For generated codecs: a sealed interface. */
  static Definition union(String name, Member... members) {
    return new OfUnion(name, List.of(members));
  }

  /** For generated codecs: a component. */
  static Component component(int number, String name, Codec<?> codec) {
    return new Component(number, name, codec.form(), false);
  }

  /** For generated codecs: a component that is an {@code Optional} of what the codec writes. */
  static Component optional(int number, String name, Codec<?> codec) {
    return new Component(number, name, codec.form(), true);
  }

  /** For generated codecs: a constant. */
  static Constant constant(int number, String name) {
    return new Constant(number, name);
  }

  /** For generated codecs: a member of a sealed hierarchy. */
  static Member member(String name, Codec<?> codec) {
    return new Member(name, codec.form());
  }
}
