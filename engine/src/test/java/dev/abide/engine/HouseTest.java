package dev.abide.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The house's own rules: who may know whom, and what may be seen from outside. */
class HouseTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.abide.engine");

  private static final Map<String, Set<String>> CLOCKS =
      Map.of(
          "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.lang.Thread", Set.of("sleep"),
          "java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil"),
          "java.util.concurrent.locks.Condition", Set.of("awaitNanos", "awaitUntil"));

  private static final DescribedPredicate<AccessTarget.CodeUnitCallTarget> A_CLOCK_OR_A_TIMED_WAIT =
      DescribedPredicate.describe(
          "the machine's clock, or a wait of the machine's time",
          target ->
              CLOCKS
                      .getOrDefault(target.getOwner().getFullName(), Set.of())
                      .contains(target.getName())
                  || (target.getOwner().getPackageName().equals("java.time")
                      && target.getName().equals("now"))
                  || (target.getOwner().getFullName().equals("java.lang.Object")
                      && target.getName().equals("wait")
                      && !target.getRawParameterTypes().isEmpty())
                  || (target.getOwner().getFullName().equals("java.lang.Thread")
                      && target.getName().equals("join")
                      && !target.getRawParameterTypes().isEmpty())
                  || (target.getRawParameterTypes().size() == 2
                      && target.getRawParameterTypes().get(1).isEquivalentTo(TimeUnit.class)
                      && target.getRawParameterTypes().getFirst().isEquivalentTo(long.class)));

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

  private static DescribedPredicate<JavaClass> simpleNameIn(String... names) {
    Set<String> all = Set.of(names);
    return DescribedPredicate.describe("one of " + all, each -> all.contains(each.getSimpleName()));
  }

  @Test
  void chronicle_isKnownToTheStoreAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.abide.engine.internal.store.chronicle..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.openhft..")
        .check(ENGINE);
  }

  @Test
  void journal_knowsNothingOfObjectsAndTurns() {
    noClasses()
        .that()
        .resideInAPackage("dev.abide.engine.internal.journal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.abide.engine.internal.activation..",
            "dev.abide.engine.internal.mailbox..",
            "dev.abide.engine.internal.storage..",
            "dev.abide.engine.internal.store.chronicle..")
        .check(ENGINE);
  }

  @Test
  void compaction_asksTheStoreNothing() {
    noClasses()
        .that()
        .resideInAPackage("dev.abide.engine.internal.compaction..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.abide.engine.internal.activation..",
            "dev.abide.engine.internal.mailbox..",
            "dev.abide.engine.internal.storage..",
            "dev.abide.engine.internal.store.chronicle..")
        .check(ENGINE);
  }

  @Test
  void activations_knowTheStoreByItsContract() {
    noClasses()
        .that()
        .resideInAPackage("dev.abide.engine.internal.activation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.abide.engine.internal.journal..", "dev.abide.engine.internal.store.chronicle..")
        .check(ENGINE);
  }

  /**
   * So that tests can block, fail, tear and lose what is written. Let off are the lock, which is
   * the system's own (DirectoryLock), and what is mapped: Chronicle opens its maps itself, and of
   * nothing in them is anything promised (PageMap, MapFiles, ShardLines; ADR 73).
   */
  @Test
  void files_areReachedThroughTheDisk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.abide.engine.internal.disk..")
        .and(not(simpleNameIn("DirectoryLock", "PageMap", "MapFiles", "ShardLines")))
        .should()
        .dependOnClassesThat(A_CLASS_OF_FILES)
        .orShould()
        .callCodeUnitWhere(target(A_WAY_TO_A_FILE))
        .check(ENGINE);
  }

  @Test
  void monitors_areNotUsedOnThePathOfCalls() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(
            "dev.abide.engine.internal.mailbox..", "dev.abide.engine.internal.activation..")
        .and()
        // Told once, when the engine has failed.
        .areDeclaredInClassesThat()
        .doNotHaveSimpleName("FailureRelay")
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .check(ENGINE);
  }

  /**
   * What an object does goes by the engine's clock, which a test moves by hand. Let off are those
   * who measure for metrics (Observation, Gate), who turn the hand (Scanner), whom a clock that
   * stands still must not keep (Closing, Background), who begin before an engine is known
   * (DeadlineScope), and the caller's own timed wait (StageFuture).
   */
  @Test
  void lifeOfObjects_goesByTheEnginesClock() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.abide.engine",
            "dev.abide.engine.spi..",
            "dev.abide.engine.internal.activation..",
            "dev.abide.engine.internal.alarm..",
            "dev.abide.engine.internal.compute..",
            "dev.abide.engine.internal.cycle..",
            "dev.abide.engine.internal.mailbox..",
            "dev.abide.engine.internal.observe..",
            "dev.abide.engine.internal.schema..",
            "dev.abide.engine.internal.socket..",
            "dev.abide.engine.internal.storage..",
            "dev.abide.engine.internal.stored..")
        .and(
            not(
                simpleNameIn(
                    // The clock itself.
                    "SystemClock",
                    "Observation",
                    "Gate",
                    "CarrierShare",
                    "DeadlineScope",
                    "Closing",
                    "Scanner",
                    "Background",
                    "StageFuture")))
        .should()
        .callMethodWhere(target(A_CLOCK_OR_A_TIMED_WAIT))
        .check(ENGINE);
  }
}
