package dev.abide.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The house's own rules: who may know whom, and what may be seen from outside. */
class HouseTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.abide.engine");

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

  @Test
  void files_areReachedThroughTheDisk() {
    noClasses()
        .that()
        .resideInAPackage("dev.abide.engine..")
        .and()
        .resideOutsideOfPackages(
            "dev.abide.engine.internal.disk..", "dev.abide.engine.internal.store.chronicle..")
        .and()
        // The lock is the system's own, and the directory has to be made before there is a disk.
        .doNotHaveSimpleName("DirectoryLock")
        .and()
        .doNotHaveSimpleName("DiskStore")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
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
}
