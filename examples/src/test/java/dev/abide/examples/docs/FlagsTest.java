package dev.abide.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The flags of the JVM stand in more than one place, and are the same in each. */
class FlagsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void flags_ofBuildNewcomerAndArgumentFile_areTheSame() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("engine/abide.jvmargs"));

    assertThat(property("pom.xml", "abide.jvmflags")).isEqualTo(String.join(" ", lines));
    assertThat(property("outside/start/pom.xml", "abide.flags")).isEqualTo(String.join(" ", lines));
  }

  private static String property(String pom, String name) throws IOException {
    Matcher found =
        Pattern.compile("<" + name + ">(.*?)</" + name + ">")
            .matcher(Files.readString(ROOT.resolve(pom)));
    assertThat(found.find()).as(name + " in " + pom).isTrue();
    return found.group(1);
  }
}
