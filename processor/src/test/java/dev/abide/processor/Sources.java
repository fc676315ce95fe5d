package dev.abide.processor;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Example sources on disk, and what the processor makes of them, good or bad. */
final class Sources {
  static final Path RESOURCES = Path.of("src/test/resources");

  /** Of the engine, which this module does not depend on, only the names. */
  private static final List<JavaFileObject> ENGINE =
      Stream.of(
              "Call",
              "CborReader",
              "CborWriter",
              "Codec<T>",
              "Codecs",
              "Copier<T>",
              "Copies",
              "Definition",
              "Descriptor<T>",
              "EnumCodec<T>",
              "MethodDescriptor",
              "RecordCodec<T>",
              "StageCall",
              "StoredCodec<T>",
              "Stub",
              "StubCheck",
              "Target",
              "Turn")
          .map(type ->
              source(
                  "dev/abide/engine/spi/" + type.replace("<T>", ""),
                  "package dev.abide.engine.spi; public "
                      + (type.contains("Codec<") && !type.matches("(Enum|Record).*")
                          ? "interface "
                          : "class ")
                      + type
                      + " {}"))
          .toList();

  private Sources() {}

  /**
   * One run.
   *
   * @param generated generated sources by file name
   * @param errors errors as {@code File.java:3: message}, by place
   */
  record Run(Map<String, String> generated, List<String> errors) {}

  /** The folders inside a folder of the resources, by name. */
  static List<Path> folders(String name) throws IOException {
    try (Stream<Path> found = Files.list(RESOURCES.resolve(name))) {
      return found.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** All Java files below a folder, by path. */
  static List<Path> in(Path folder) throws IOException {
    return below(folder);
  }

  /** A source of that text. */
  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("memory:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Runs the processor, and nothing after it. */
  static Run process(List<Path> sources) throws IOException {
    return process(sources, new DurableObjectProcessor());
  }

  /** Runs processors, and nothing after them. */
  static Run process(List<Path> sources, Processor... processors) throws IOException {
    return process(List.of(), sources, processors);
  }

  /** Runs processors, and nothing after them, with more on the class path. */
  static Run process(List<Path> libraries, List<Path> sources, Processor... processors)
      throws IOException {
    String classPath =
        Stream.concat(
                libraries.stream().map(Path::toString),
                Stream.of(System.getProperty("java.class.path")))
            .collect(Collectors.joining(File.pathSeparator));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    Path output = Files.createTempDirectory("abide-processor");
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<JavaFileObject> all = new ArrayList<>(ENGINE);
      files.getJavaFileObjectsFromPaths(sources).forEach(all::add);
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              new StringWriter(),
              files,
              diagnostics,
              List.of(
                  "-cp", classPath, "-proc:only", "-s", output.toString(), "-d", output.toString()),
              null,
              all);
      task.setProcessors(List.of(processors));
      task.call();
      Map<String, String> generated = new TreeMap<>();
      for (Path file : below(output)) {
        generated.put(file.getFileName().toString(), text(file));
      }
      return new Run(generated, errors(diagnostics));
    } finally {
      delete(output);
    }
  }

  /** The text of a file. */
  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static List<String> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
    List<String> lines = new ArrayList<>();
    List<Diagnostic<? extends JavaFileObject>> all = new ArrayList<>(diagnostics.getDiagnostics());
    all.sort(
        Comparator.<Diagnostic<? extends JavaFileObject>, String>comparing(
                error -> String.valueOf(error.getSource()))
            .thenComparingLong(Diagnostic::getLineNumber)
            .thenComparing(error -> error.getMessage(Locale.ROOT)));
    for (Diagnostic<? extends JavaFileObject> error : all) {
      if (error.getKind() == Diagnostic.Kind.ERROR) {
        JavaFileObject file = error.getSource();
        String path = file == null ? "" : file.toUri().getPath();
        String text = error.getMessage(Locale.ROOT).lines().findFirst().orElse("");
        lines.add(
            path.substring(path.lastIndexOf('/') + 1)
                + String.format(":%d: ", error.getLineNumber())
                + text);
      }
    }
    return lines;
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
