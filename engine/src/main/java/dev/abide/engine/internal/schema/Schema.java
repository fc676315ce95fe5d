package dev.abide.engine.internal.schema;

import dev.abide.engine.spi.Definition;
import dev.abide.engine.spi.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the values of one cell or map are made of, whole in itself: {@code @Stored} types stand in a
 * list and are named by their place there, so they may contain each other.
 *
 * @param root the value; of a map of storage a {@link Part.MapOf} of its keys and values
 * @param types the {@code @Stored} types, in the order in which they were met
 */
public record Schema(Part root, List<Type> types) {
  /** A part of a value. */
  public sealed interface Part {
    /** A type that needs no annotation, by its simple name. */
    record Scalar(String name) implements Part {}

    /** A list. */
    record ListOf(Part item) implements Part {}

    /** A set. */
    record SetOf(Part item) implements Part {}

    /** An optional. */
    record OptionalOf(Part item) implements Part {}

    /** A map. */
    record MapOf(Part key, Part value) implements Part {}

    /** A {@code @Stored} type, by its place in the list. */
    record Of(int type) implements Part {}
  }

  /** A {@code @Stored} type. */
  public sealed interface Type {
    /** Its simple name. */
    String name();

    /** A record; components by ascending number. */
    record OfRecord(String name, List<Component> components) implements Type {}

    /** An enum; constants by ascending number, so that their order in the source says nothing. */
    record OfEnum(String name, List<Constant> constants) implements Type {}

    /** A sealed interface; members by name. */
    record OfUnion(String name, List<Member> members) implements Type {}
  }

  /** A component; an {@code optional} one is not written when it is empty. */
  public record Component(int number, String name, boolean optional, Part part) {}

  /** A constant of an enum. */
  public record Constant(int number, String name) {}

  /** A member of a sealed hierarchy, by the name at the key 0. */
  public record Member(String name, Part part) {}

  /** The type at a place. */
  public Type type(Part.Of part) {
    return types.get(part.type());
  }

  /** The schema of a form. */
  public static Schema of(Form form) {
    return new Gathering().gather(form);
  }

  /** Follows codecs to all types that they name, each once. */
  private static final class Gathering {
    private final Map<Form, Integer> places = new LinkedHashMap<>();
    private final List<Form.Defined> met = new ArrayList<>();

    Schema gather(Form form) {
      Part root = part(form);
      List<Type> types = new ArrayList<>();
      // Grows while it is read: each type may name new ones.
      for (int i = 0; i < met.size(); i++) {
        types.add(type(met.get(i).codec().definition()));
      }
      return new Schema(root, List.copyOf(types));
    }

    private Part part(Form form) {
      return switch (form) {
        case Form.Scalar(String name) -> new Part.Scalar(name);
        case Form.ListOf(Form item) -> new Part.ListOf(part(item));
        case Form.SetOf(Form item) -> new Part.SetOf(part(item));
        case Form.OptionalOf(Form item) -> new Part.OptionalOf(part(item));
        case Form.MapOf(Form key, Form value) -> new Part.MapOf(part(key), part(value));
        case Form.Defined defined -> {
          Integer place = places.get(defined);
          if (place == null) {
            place = met.size();
            places.put(defined, place);
            met.add(defined);
          }
          yield new Part.Of(place);
        }
      };
    }

    private Type type(Definition definition) {
      return switch (definition) {
        case Definition.OfRecord(String name, var components) ->
            new Type.OfRecord(
                name,
                components.stream()
                    .map(one ->
                        new Component(one.number(), one.name(), one.optional(), part(one.form())))
                    .toList());
        case Definition.OfEnum(String name, var constants) ->
            new Type.OfEnum(
                name,
                constants.stream()
                    .map(one -> new Constant(one.number(), one.name()))
                    .sorted(Comparator.comparingInt(Constant::number))
                    .toList());
        case Definition.OfUnion(String name, var members) ->
            new Type.OfUnion(
                name,
                members.stream()
                    .sorted(Comparator.comparing(Definition.Member::name))
                    .map(one -> new Member(one.name(), part(one.form())))
                    .toList());
      };
    }
  }
}
