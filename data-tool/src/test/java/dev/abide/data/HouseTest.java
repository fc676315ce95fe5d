package dev.abide.data;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tool keeps the engine's own rule: a directory's files are reached through the disk. */
final class HouseTest {
  private static final JavaClasses TOOL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.abide.data");

  /** Whoever uses one of these has a file in hand. */
  private static final Set<String> OF_FILES =
      Set.of(
          "java.io.File",
          "java.io.FileDescriptor",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.nio.file.FileStore",
          "java.nio.file.FileSystem",
          "java.nio.file.FileSystems",
          "java.nio.file.Files",
          "java.util.jar.JarFile",
          "java.util.zip.ZipFile");

  private static final DescribedPredicate<JavaClass> A_CLASS_OF_FILES =
      DescribedPredicate.describe(
          "classes that reach files",
          each ->
              OF_FILES.contains(each.getFullName())
                  || each.getPackageName().equals("java.nio.channels")
                  || each.getPackageName().equals("java.nio.file.spi"));

  /** What opens or asks for a file by a class that is not there for files. */
  private static final DescribedPredicate<AccessTarget.CodeUnitCallTarget> A_WAY_TO_A_FILE =
      DescribedPredicate.describe(
          "a way to a file",
          target -> {
            String first =
                target.getRawParameterTypes().isEmpty()
                    ? ""
                    : target.getRawParameterTypes().getFirst().getFullName();
            boolean named = first.equals("java.io.File") || first.equals("java.nio.file.Path");
            return switch (target.getOwner().getFullName()) {
              case "java.nio.file.Path" ->
                  Set.of("toFile", "toRealPath", "register").contains(target.getName());
              case "java.io.PrintWriter", "java.io.PrintStream", "java.util.Formatter" ->
                  target.getName().equals("<init>") && (named || first.equals("java.lang.String"));
              case "java.util.Scanner" -> named;
              default -> false;
            };
          });

  private static final Set<String> READS =
      Set.of(
          "exists",
          "isRegularFile",
          "isDirectory",
          "isSameFile",
          "size",
          "list",
          "newBufferedReader");

  private static final DescribedPredicate<AccessTarget.CodeUnitCallTarget> A_WRITE =
      DescribedPredicate.describe(
          "a method of Files that does not only look or read",
          target ->
              target.getOwner().getFullName().equals("java.nio.file.Files")
                  && !READS.contains(target.getName()));

  /** Classes, and what is nested in them. */
  private static DescribedPredicate<JavaClass> of(String... names) {
    Set<String> all = Set.of(names);
    return DescribedPredicate.describe(
        "of " + all,
        each -> all.contains(each.getName().replaceFirst("\\$.*", "").replaceFirst(".*\\.", "")));
  }

  /**
   * Let off are those who read an export, which is the user's own file (ExportFile, ImportVerb,
   * which also looks whether its directory is there and empty before the engine makes it), who asks
   * whether two paths are one directory (Verb), and who asks what the output is (Terminal). None of
   * them writes.
   */
  @Test
  void files_areReachedThroughTheDisk() {
    noClasses()
        .that(not(of("ExportFile", "ImportVerb", "Terminal", "Verb")))
        .should()
        .dependOnClassesThat(A_CLASS_OF_FILES)
        .orShould()
        .callCodeUnitWhere(target(A_WAY_TO_A_FILE))
        .check(TOOL);
  }

  /** What they may do with files: ask and read. */
  @Test
  void theToolWritesNoFileByItself() {
    noClasses().should().callCodeUnitWhere(target(A_WRITE)).check(TOOL);
  }
}
