package dev.abide.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the processor gets along with the compiler, other processors and build tools. */
final class RoundsTest {
  private static final String COUNTER =
      "@dev.abide.annotations.DurableObject(\"counter\") interface Counter { void put(Made made); }";

  @TempDir Path folder;

  @Test
  void typeMadeByAnotherProcessor_isWaitedFor() throws IOException {
    Sources.Run run =
        Sources.process(List.of(source(COUNTER)), new DurableObjectProcessor(), new Maker());

    assertThat(run.errors()).isEmpty();
    assertThat(run.generated()).containsKeys("CounterStub.java", "CounterDescriptor.java");
  }

  @Test
  void unsafeTypeMadeByAnotherProcessor_isReportedOnce() throws IOException {
    Sources.Run run =
        Sources.process(
            List.of(source(COUNTER.replace("Made made", "Made made, StringBuilder text"))),
            new DurableObjectProcessor(),
            new Maker());

    assertThat(run.errors()).hasSize(1).allMatch(error -> error.contains("ABIDE010"));
    assertThat(run.generated()).doesNotContainKey("CounterStub.java");
  }

  @Test
  void superInterfaceAndTypesOfALibrary_areReadFromItsJar() throws IOException {
    Path library =
        jar(
            """
            package lib;

            import dev.abide.annotations.Exposed;
            import java.util.List;
            import org.jspecify.annotations.Nullable;

            public interface Base<T> {
              record Item(String name, List<String> tags) {}

              sealed interface Shape {}

              record Circle(double radius) implements Shape {}

              @Exposed
              @Nullable Shape put(T value, @Nullable Item item);

              default int size() {
                return 0;
              }

              static void fixed() {}
            }
            """);
    Path source = folder.resolve("Shelf.java");
    Files.writeString(
        source,
        "@dev.abide.annotations.DurableObject(\"shelf\")"
            + " interface Shelf extends lib.Base<String> {}");

    Sources.Run run =
        Sources.process(List.of(library), List.of(source), new DurableObjectProcessor());

    assertThat(run.errors()).isEmpty();
    assertThat(run.generated().get("ShelfStub.java"))
        .contains("Base.Shape put(String value, lib.Base.Item item) {")
        .contains("Copies.required(value, \"argument value of Shelf.put\");")
        .contains("item = ShelfDescriptor.COPY_ITEM.orNull(item, target(),")
        .contains("public int size() {")
        .doesNotContain("fixed");
    assertThat(run.generated().get("ShelfDescriptor.java"))
        .contains("/* exposed */ true")
        .contains("List.of(\"value\", \"item\")");
  }

  @Test
  void problemInALibrary_isReportedAtTheInterface() throws IOException {
    Path library = jar("package lib; public interface Base { void put(StringBuilder text); }");
    Path source = folder.resolve("Shelf.java");
    Files.writeString(
        source,
        "@dev.abide.annotations.DurableObject(\"shelf\")\ninterface Shelf extends lib.Base {}");

    Sources.Run run =
        Sources.process(List.of(library), List.of(source), new DurableObjectProcessor());

    assertThat(run.errors())
        .containsExactly(
            "Shelf.java:2: ABIDE010: parameter text of Shelf.put: text is of the type"
                + " java.lang.StringBuilder, which is not safe to share between objects. Use"
                + " String.");
  }

  @Test
  void typeMissingFromALibrary_isReportedByName() throws IOException {
    Path library =
        jar(
            """
            package lib;

            public interface Base {
              record Item(Gone gone) {}

              void put(Item item);
            }

            record Gone(int x) {}
            """,
            "Gone");
    Path source = folder.resolve("Shelf.java");
    Files.writeString(
        source,
        "@dev.abide.annotations.DurableObject(\"shelf\")\ninterface Shelf extends lib.Base {}");

    Sources.Run run =
        Sources.process(List.of(library), List.of(source), new DurableObjectProcessor());

    assertThat(run.errors())
        .containsExactly(
            "Shelf.java:2: ABIDE027: Shelf uses a class file that names lib.Gone, which is not on"
                + " the class path. Add the library that it comes from.");
  }

  @Test
  void storedTypeOfALibrary_thatWasCompiledWithoutTheProcessor_isReportedByItsCodec()
      throws IOException {
    Path library =
        jar(
            """
            package lib;

            import dev.abide.annotations.Stored;
            import dev.abide.annotations.StoredAs;

            public interface Base {
              @Stored
              record Item(@StoredAs(1) int size) {}
            }
            """);
    Path source = folder.resolve("Box.java");
    Files.writeString(
        source,
        """
        import dev.abide.annotations.*;
        @Stored
        record Box(@StoredAs(1) java.util.List<lib.Base.Item> items) {}
        """);

    Sources.Run run =
        Sources.process(List.of(library), List.of(source), new DurableObjectProcessor());

    assertThat(run.errors())
        .containsExactly(
            "Box.java:3: ABIDE112: Box.items is of the type lib.Base.Item, which is @Stored and was"
                + " compiled without its codec lib.Base_ItemCodec. Compile the library that it"
                + " comes from with Abide's annotation processor.");
    assertThat(run.generated()).isEmpty();
  }

  @Test
  void unstorableTypeMadeByAnotherProcessor_isWaitedForAndReportedOnce() throws IOException {
    Path source = folder.resolve("Box.java");
    Files.writeString(
        source,
        """
        import dev.abide.annotations.*;
        @Stored
        record Box(@StoredAs(1) Made made) {}
        """);

    Sources.Run run = Sources.process(List.of(source), new DurableObjectProcessor(), new Maker());

    assertThat(run.errors()).hasSize(1).allMatch(error -> error.contains("ABIDE109"));
  }

  @Test
  void failureOfAStep_isReportedAtTheType() throws IOException {
    Sources.Run run =
        Sources.process(
            List.of(source(COUNTER.replace("Made made", ""))),
            new AbstractProcessor() {
              @Override
              public Set<String> getSupportedAnnotationTypes() {
                return Set.of("dev.abide.annotations.DurableObject");
              }

              @Override
              public SourceVersion getSupportedSourceVersion() {
                return SourceVersion.latestSupported();
              }

              @Override
              public boolean process(Set<? extends TypeElement> types, RoundEnvironment round) {
                Environment env =
                    new Environment(
                        processingEnv.getElementUtils(),
                        processingEnv.getTypeUtils(),
                        processingEnv.getFiler(),
                        new ProblemReporter(processingEnv.getMessager()));
                round
                    .getRootElements()
                    .forEach(type ->
                        DurableObjectProcessor.guarded(
                            env,
                            "@DurableObject",
                            type,
                            () -> {
                              if (type.getSimpleName().contentEquals("Counter")) {
                                throw new IllegalStateException("100% broken");
                              }
                            }));
                return false;
              }
            });

    assertThat(run.errors())
        .containsExactly(
            "Counter.java:1: ABIDE000: @DurableObject on Counter could not be processed:"
                + " java.lang.IllegalStateException: 100% broken. This is a mistake in Abide's"
                + " processor: please report it with the source of this type.");
  }

  @Test
  void processor_isRegisteredForJavacAndAsIsolatingForGradle() throws IOException {
    assertThat(resource("META-INF/services/javax.annotation.processing.Processor"))
        .contains(DurableObjectProcessor.class.getName());
    assertThat(resource("META-INF/gradle/incremental.annotation.processors"))
        .isEqualTo(DurableObjectProcessor.class.getName() + ",isolating\n");
  }

  /** Compiles lib.Base and packs its classes. */
  private Path jar(String text, String... without) throws IOException {
    Path source = folder.resolve("Base.java");
    Files.writeString(source, text);
    Path classes = folder.resolve("classes");
    Path jar = folder.resolve("lib.jar");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-proc:none",
                    "-parameters",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString(),
                    source.toString()))
        .isZero();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (List.of(without).contains(file.getFileName().toString().replace(".class", ""))) {
          continue;
        }
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private Path source(String text) throws IOException {
    Path file = folder.resolve("Counter.java");
    Files.writeString(file, text);
    return file;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DurableObjectProcessor.class.getClassLoader().getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Makes the type Made in its first round. */
  private static final class Maker extends AbstractProcessor {
    private boolean made;

    @Override
    public Set<String> getSupportedAnnotationTypes() {
      return Set.of("*");
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
      return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> types, RoundEnvironment round) {
      if (!made) {
        made = true;
        try (Writer out = processingEnv.getFiler().createSourceFile("Made").openWriter()) {
          out.write("record Made(int x) {}");
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
      return false;
    }
  }
}
