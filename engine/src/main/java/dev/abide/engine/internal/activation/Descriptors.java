package dev.abide.engine.internal.activation;

import dev.abide.engine.spi.Descriptor;
import java.lang.reflect.InvocationTargetException;

/** Finds the generated descriptor of an interface by its name, once per hosted type. */
final class Descriptors {
  private Descriptors() {}

  static <T> Descriptor<T> of(Class<T> type) {
    String name = nameOf(type);
    Object made;
    try {
      made = Class.forName(name, true, type.getClassLoader()).getConstructor().newInstance();
    } catch (ClassNotFoundException missing) {
      throw new IllegalArgumentException(absent(type, name), missing);
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException broken) {
      throw new IllegalArgumentException(
          "the class "
              + name
              + " cannot be made; it is generated: build the module of "
              + type.getName()
              + " anew",
          broken);
    }
    if (made instanceof Descriptor<?> descriptor && descriptor.type() == type) {
      @SuppressWarnings("unchecked") // its type() is this class
      Descriptor<T> found = (Descriptor<T>) descriptor;
      return found;
    }
    throw new IllegalArgumentException(
        "the class "
            + name
            + " is not the descriptor of "
            + type.getName()
            + "; build its module anew");
  }

  private static String nameOf(Class<?> type) {
    StringBuilder simple = new StringBuilder(type.getSimpleName());
    for (Class<?> outer = type.getEnclosingClass();
        outer != null;
        outer = outer.getEnclosingClass()) {
      simple.insert(0, outer.getSimpleName() + "_");
    }
    String pack = type.getPackageName();
    return (pack.isEmpty() ? "" : pack + ".") + simple + "Descriptor";
  }

  private static String absent(Class<?> type, String name) {
    return "cannot host "
        + type.getName()
        + ": there is no class "
        + name
        + ". Either the interface has no @DurableObject, or Abide's annotation processor did not run when it was compiled. "
        + """
        Since JDK 23 javac runs only processors that it is told of.
        Maven, in the configuration of maven-compiler-plugin:
          <annotationProcessorPaths><path><groupId>dev.abide</groupId><artifactId>abide-processor</artifactId><version>VERSION</version></path></annotationProcessorPaths>
        Gradle:
          annotationProcessor("dev.abide:abide-processor:VERSION")
        """;
  }
}
