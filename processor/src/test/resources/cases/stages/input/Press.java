package shop;

import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Methods whose results come later. */
@DurableObject("press")
interface Press {
  @Exposed
  CompletionStage<String> print(String text);

  @Exposed
  @ReadOnly
  CompletionStage<List<String>> pages(List<String> names);

  @Deadline("5s")
  CompletionStage<Void> clean();

  CompletionStage<@Nullable Long> find(int value);

  CompletionStage<byte[]> scan();

  CompletionStage<Press> next();

  /** Its record's name is that of what it extends. */
  CompletionStage<Integer> stage();
}
