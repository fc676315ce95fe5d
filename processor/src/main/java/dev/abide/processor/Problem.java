package dev.abide.processor;

import java.util.Locale;

/**
 * All that the processor refuses. Codes are stable and never reused; each has a section in {@code
 * docs/reference/problems.md} and a failing example among the tests. The wording's arguments stand
 * in its comment.
 */
enum Problem {
  /** The annotation, the element, what went wrong. */
  UNEXPECTED(
      "ABIDE000",
      "%s on %s could not be processed: %s",
      "This is a mistake in Abide's processor: please report it with the source of this type"),

  // Of @DurableObject interfaces: ABIDE001 to ABIDE099.

  /** The kind found, its name. */
  NOT_AN_INTERFACE(
      "ABIDE001",
      "@DurableObject stands on the %s %s, but only an interface can be a durable object's type",
      "Annotate an interface and let a plain class implement it"),

  /** The interface. */
  GENERIC_INTERFACE(
      "ABIDE002",
      "%s has type parameters, which are not known any more when an object wakes",
      "Declare an interface without type parameters; it may extend a generic one with its type"
          + " arguments given"),

  /** The interface. */
  HIDDEN_INTERFACE(
      "ABIDE003",
      "%s is private, or inside something private, where its stub cannot reach it",
      "Make it at least package-private"),

  /** The interface. */
  SEALED_INTERFACE(
      "ABIDE004",
      "%s is sealed, so that its generated stub may not implement it",
      "Remove the sealed modifier"),

  /** The name. */
  BAD_NAME(
      "ABIDE005",
      "\"%s\" cannot be the name of a durable object's type",
      "Use 1 to 64 characters of a-z, 0-9, '-', '.' and '_', a letter first"),

  /** The name, the other interface. */
  NAME_TAKEN(
      "ABIDE006",
      "the name \"%s\" belongs to %s already",
      "Two types may not share a name: choose another one"),

  /** The file. */
  FILE_TAKEN(
      "ABIDE007",
      "%s is to be generated, but a type of that name exists already",
      "Rename either that type or the interface"),

  /** The subject, the path of the part at fault, its type, what to use instead. */
  UNSAFE_TYPE(
      "ABIDE010",
      "%1$s: %2$s is of the type %3$s, which is not safe to share between objects",
      "Use %4$s"),

  /** The subject, the path of the stub. */
  EXPOSED_STUB(
      "ABIDE011",
      "%s of an @Exposed method: %s is a durable interface, and a stub cannot leave the process",
      "Pass the object's id instead"),

  /** The method's name, the interface. */
  EXPOSED_OVERLOAD(
      "ABIDE012",
      "%s of %s is @Exposed and overloaded, so that its name alone does not say which is meant",
      "Give each of the methods a name of its own"),

  /** The method. */
  EXPOSED_HTTP(
      "ABIDE013",
      "the @Exposed method %s has the name that addresses use for raw requests",
      "Rename it"),

  /** The method, the result. */
  ONE_WAY_RESULT(
      "ABIDE014",
      "%s is @OneWay and returns %s, but nobody waits for it",
      "Return void, or remove @OneWay"),

  /** The method, the exceptions. */
  ONE_WAY_THROWS(
      "ABIDE015",
      "%s is @OneWay and declares %s, but nobody is there to catch it",
      "Remove the throws clause, or @OneWay; a failure of a one-way call is reported"),

  /** The method. */
  ONE_WAY_READ_ONLY(
      "ABIDE016",
      "%s is both @OneWay and @ReadOnly: it would neither change nor answer anything",
      "Remove one of them"),

  /** The method. */
  ONE_WAY_DEADLINE(
      "ABIDE017",
      "%s is both @OneWay and has a @Deadline, but nobody waits for it",
      "Remove one of them"),

  /** The method, the text. */
  BAD_DEADLINE(
      "ABIDE018",
      "the @Deadline of %s, \"%s\", is not a time",
      "Write a positive whole number of at most 292 years and a unit, ms, s, m or h: \"500ms\","
          + " \"5s\""),

  /** The annotation, the method. */
  STRAY_MARK(
      "ABIDE019",
      "@%s stands on %s, which is not a method of an interface, and has no effect there",
      "Move it to the method of the @DurableObject interface"),

  /** The annotation, the method, why. */
  USELESS_MARK(
      "ABIDE020",
      "@%s stands on %s, which is %s and never called through a stub",
      "Remove the annotation"),

  /** The method, the result. */
  STAGE_RESULT(
      "ABIDE021",
      "%s returns %s, and of the results that come later only CompletionStage crosses between objects",
      "Return CompletionStage<T>, or the value itself: the caller's thread waits for it"),

  /** The method. */
  GENERIC_METHOD(
      "ABIDE022",
      "%s has type parameters, so that it is not known what crosses between objects",
      "Use concrete types, or a sealed interface of records"),

  /** The method. */
  RESERVED_METHOD(
      "ABIDE023",
      "%s has the name and parameters of a method that every stub has for itself",
      "Rename it"),

  /** The method, two interfaces. */
  MARKS_DISAGREE(
      "ABIDE024",
      "%s is inherited from %s and from %s with different annotations",
      "Declare it again in the interface, annotated as it is meant"),

  /** The subject, the type. */
  HIDDEN_PART(
      "ABIDE025",
      "%s: its copier cannot reach %s, which is not accessible from the interface's package",
      "Make that type public, or move it to the interface's package"),

  /** The subject, its type, the depth. */
  ENDLESS_TYPE(
      "ABIDE026",
      "%s: in %s a type is nested more than %s type arguments deep, as if it contained itself"
          + " with ever larger ones",
      "Let a type contain itself with the same type arguments only"),

  /** The interface, the types. */
  MISSING_TYPE(
      "ABIDE027",
      "%s uses a class file that names %s, which is not on the class path",
      "Add the library that it comes from"),

  /** The kind found, its name. */
  STRAY_DOORS(
      "ABIDE028",
      "@Exposed stands on the %s %s, which is no @DurableObject interface, and has no effect there",
      "Move it to the @DurableObject interface"),

  /** The interface. */
  NO_DOORS(
      "ABIDE029",
      "@Exposed stands on the interface %s and exposes nothing",
      "Write @Exposed(sockets = true) to let clients plug in, or @Exposed(requests = true) to take"
          + " raw requests; methods are exposed by an @Exposed of their own"),

  /** The method. */
  METHOD_DOORS(
      "ABIDE030",
      "the @Exposed of the method %s speaks of sockets or requests, which are the interface's",
      "Move that to an @Exposed on the @DurableObject interface"),

  /** The kind found, its name. */
  STRAY_COMPUTE(
      "ABIDE040",
      "@Compute stands on the %s %s, which is no @DurableObject interface, and has no effect there",
      "Move it to the @DurableObject interface"),

  // Of @Stored types: ABIDE100 and up.

  /** The kind found, its name. */
  NOT_STORABLE(
      "ABIDE100",
      "@Stored stands on the %s %s, which has no form on disk",
      "Annotate a record, an enum, or a sealed interface of records"),

  /** The type. */
  GENERIC_STORED(
      "ABIDE101",
      "%s has type parameters, and what they stand for is not stored",
      "Declare a type without type parameters for each use"),

  /** The type. */
  HIDDEN_STORED(
      "ABIDE102",
      "%s is private, or inside something private, where its codec cannot reach it",
      "Make it at least package-private"),

  /** The name. */
  BAD_STORED_NAME(
      "ABIDE103",
      "\"%s\" cannot be the name of a stored type",
      "Use 1 to 64 characters of a-z, 0-9, '-', '.' and '_', a letter first"),

  /** The component or constant, a number that is free. */
  NO_NUMBER(
      "ABIDE104",
      "%s has no number, which is what stands for it on disk",
      "Annotate it with @StoredAs and a number that was never used in this type: %d is free"),

  /** The number, the component or constant, the bound. */
  BAD_NUMBER(
      "ABIDE105",
      "%d cannot be the number of %s",
      "Use a number from 1 to %d that was never used in this type"),

  /** The number, the component or constant, the other one, a number that is free. */
  NUMBER_TAKEN(
      "ABIDE106",
      "the number %d of %s belongs to %s already",
      "Use a number that was never used in this type: %d is free"),

  /** The number, the component or constant, a number that is free. */
  RETIRED_NUMBER(
      "ABIDE107",
      "the number %d of %s is retired: old data may hold it with another meaning",
      "Use a number that was never used in this type: %d is free"),

  /** The type, the number, why. */
  BAD_RETIRED(
      "ABIDE108",
      "%s retires the number %d, but %s",
      "Retire each number of a former component or constant once"),

  /** The component, the path of the part at fault, its type, what to use instead. */
  UNSTORABLE_TYPE(
      "ABIDE109", "%s cannot be stored: %s is of the type %s, which has no form on disk", "Use %s"),

  /** The component. */
  NULLABLE_COMPONENT(
      "ABIDE110",
      "%s is @Nullable, but null is never stored",
      "Use Optional; a value that was stored without Optional is read as a present one"),

  /** The component, its type. */
  HIDDEN_STORED_PART(
      "ABIDE111",
      "%s cannot be stored: its codec cannot reach %s",
      "Make that type public, or move it to the same package"),

  /** The component, its type, its codec. */
  NO_CODEC(
      "ABIDE112",
      "%s is of the type %s, which is @Stored and was compiled without its codec %s",
      "Compile the library that it comes from with Abide's annotation processor"),

  /** The component or constant, its type. */
  USELESS_MISSING(
      "ABIDE113",
      "%s declares a value for when it is missing, which %s cannot have",
      "Remove it: a missing Optional or collection is empty; only scalars, strings and enums may"
          + " declare a value"),

  /** The component, the texts, the type. */
  BAD_MISSING(
      "ABIDE114",
      "%s declares %s for when it is missing, which is not one value of %s",
      "Write one text as the type's own parser reads it, or a constant's name"),

  /** The interface, the member. */
  BAD_MEMBER(
      "ABIDE115",
      "%s permits %s, which is not a @Stored record",
      "Make it a record and annotate it with @Stored and a name"),

  /** The interface, the member. */
  NO_MEMBER_NAME(
      "ABIDE116",
      "%s permits %s, whose @Stored has no name to tell it from the other members on disk",
      "Give it a name that will never change: @Stored(\"...\")"),

  /** The interface, the member, the name, the other member. */
  MEMBER_NAME_TAKEN(
      "ABIDE117",
      "%s permits %s with the name \"%s\", which belongs to %s already",
      "Members of a sealed hierarchy may not share a name: choose another one"),

  /** The component or field. */
  STRAY_NUMBER(
      "ABIDE118",
      "@StoredAs stands on %s, which is no component of a @Stored record and no constant of a"
          + " @Stored enum",
      "Annotate the type with @Stored, or remove @StoredAs");

  private final String code;
  private final String wording;
  private final String remedy;

  Problem(String code, String wording, String remedy) {
    this.code = code;
    this.wording = wording;
    this.remedy = remedy;
  }

  String code() {
    return code;
  }

  /** The whole text: code, reason, remedy. */
  String message(Object... details) {
    return code + ": " + String.format(Locale.ROOT, wording + ". " + remedy + ".", details);
  }
}
