package dev.abide.jmh.baseline;

import com.cajunsystems.builder.ActorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Lets Cajun 0.7.0 load. Four of its classes carry the mark of Java 21's preview features in their
 * minor version, so no other JDK takes them, though their instructions are ordinary. They are
 * defined here without the mark, before anything asks for them, in their own loader and package.
 * The order matters: each one's superclass comes first.
 */
final class Java21Preview {
  private static final List<String> MARKED =
      List.of("IdStrategy", "IdStrategy$IdGenerationContext", "IdStrategy$1", "IdStrategy$2");

  private Java21Preview() {}

  static void load() {
    try {
      MethodHandles.Lookup builders =
          MethodHandles.privateLookupIn(ActorBuilder.class, MethodHandles.lookup());
      for (String name : MARKED) {
        try (InputStream in = ActorBuilder.class.getResourceAsStream(name + ".class")) {
          if (in == null) {
            throw new IllegalStateException("this Cajun has no class " + name);
          }
          byte[] bytes = in.readAllBytes();
          // The minor version stands behind the magic number.
          bytes[4] = 0;
          bytes[5] = 0;
          builders.defineClass(bytes);
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
