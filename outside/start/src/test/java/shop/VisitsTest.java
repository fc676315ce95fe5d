package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.abide.engine.testing.TestAbide;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisitsTest {
  @Test
  void visitsAreCountedAcrossACrash() {
    try (TestAbide test =
        TestAbide.open(options -> options.host(Visits.class, Visits.VisitsObject::new))) {
      test.abide().get(Visits.class, "front-door").visit();
      test.crash();

      assertEquals(2, test.abide().get(Visits.class, "front-door").visit());
    }
  }

  @Test
  void visitsAreCountedOnDisk(@TempDir Path directory) {
    Main.main(new String[] {directory.toString()});
    Main.main(new String[] {directory.toString()});
  }
}
