package dev.abide.engine.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A file that a sort, merge or fold has made. */
@Name("dev.abide.Compaction")
@Label("Compaction")
@Category("Abide")
@Description("A file that a sort, merge or fold has made, its pauses included")
@StackTrace(false)
public final class CompactionEvent extends Event {
  /** {@code sort}, {@code merge} or {@code fold}. */
  @Label("Kind")
  public @Nullable String kind;

  /** The name of the file. */
  @Label("File")
  public @Nullable String file;

  /** How long the file is. */
  @Label("Bytes")
  @DataAmount
  public long bytes;

  /** An event that has not begun. */
  public CompactionEvent() {}
}
