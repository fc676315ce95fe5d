package dev.abide.engine.internal.stored;

import dev.abide.engine.spi.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Finds the generated codec of a {@code @Stored} type by its name, through the type's own class
 * loader, and once per type.
 */
public final class GeneratedCodecs {
  private static final ClassValue<Found> ALL =
      new ClassValue<>() {
        @Override
        protected Found computeValue(Class<?> type) {
          return new Found(load(type));
        }
      };

  private GeneratedCodecs() {}

  private record Found(@Nullable Codec<?> codec) {}

  /** The type's codec, or null if none was generated. */
  @SuppressWarnings("unchecked") // generated for this very type
  public static <T> @Nullable Codec<T> find(Class<T> type) {
    return (Codec<T>) ALL.get(type).codec();
  }

  /** What to do about a type that has no codec. */
  public static String remedy(Class<?> type) {
    if (type.isLocalClass()) {
      return "It is declared inside a method, where no annotation processor looks: declare it in a"
          + " class or a file of its own, annotated with @Stored";
    }
    if (type.isRecord() || type.isEnum() || type.isSealed()) {
      return "Annotate it with @Stored. If it is, the annotation processor did not run: name"
          + " dev.abide:abide-processor in annotationProcessorPaths of the maven-compiler-plugin,"
          + " or as annotationProcessor(\"dev.abide:abide-processor\") in Gradle";
    }
    return "Store a @Stored record of its parts instead";
  }

  private static @Nullable Codec<?> load(Class<?> type) {
    if (type.isPrimitive() || type.isArray() || type.getClassLoader() == null) {
      return null;
    }
    String name = codecName(type);
    try {
      return Class.forName(name, true, type.getClassLoader())
          .asSubclass(Codec.class)
          .getConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      return null;
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be stored: the class "
              + name
              + " is not the codec that the annotation processor makes. Rename that class, and"
              + " compile anew",
          e);
    }
  }

  /** {@code a.b.Outer_LineCodec} for {@code a.b.Outer.Line}. */
  private static String codecName(Class<?> type) {
    String simple = type.getSimpleName();
    for (Class<?> outer = type.getEnclosingClass();
        outer != null;
        outer = outer.getEnclosingClass()) {
      simple = outer.getSimpleName() + "_" + simple;
    }
    String home = type.getPackageName();
    return (home.isEmpty() ? simple : home + "." + simple) + "Codec";
  }
}
