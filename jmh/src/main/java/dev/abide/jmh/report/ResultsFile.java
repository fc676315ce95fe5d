package dev.abide.jmh.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON. */
public final class ResultsFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private ResultsFile() {}

  /** Writes a file, over one that is there. */
  public static void write(Path file, Results results) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(results) + "\n");
  }

  /**
   * Reads one.
   *
   * @throws MisuseException if it cannot be read or is something else
   */
  public static Results read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new MisuseException(
          "cannot read " + file + " (" + e.getClass().getSimpleName() + "); name a results.json");
    }
    try {
      JsonNode tree = JSON.readTree(text);
      int format = tree.path("format").asInt(Results.FORMAT);
      if (format != Results.FORMAT) {
        throw new MisuseException(
            file
                + " has format "
                + format
                + ", and this release reads "
                + Results.FORMAT
                + "; compare with the release that wrote it");
      }
      return JSON.treeToValue(tree, Results.class);
    } catch (JacksonException e) {
      throw new MisuseException(
          file
              + " holds no results of ./abide bench: "
              + e.getOriginalMessage().lines().findFirst().orElse("not JSON"));
    }
  }
}
