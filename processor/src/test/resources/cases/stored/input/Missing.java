package art;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.math.BigDecimal;
import java.time.Duration;

/** A value for each kind of type that can declare one; names that generated code uses itself. */
@Stored
record Missing(
    @StoredAs(value = 1, missing = "true") boolean in,
    @StoredAs(value = 2, missing = "-128") byte out,
    @StoredAs(value = 3, missing = "7") short number,
    @StoredAs(value = 4, missing = "-1") Integer entries,
    @StoredAs(value = 5, missing = "9223372036854775807") long left,
    @StoredAs(value = 6, missing = "1.5") float value,
    @StoredAs(value = 7, missing = "NaN") double refusal,
    @StoredAs(value = 8, missing = "'") char letter,
    @StoredAs(value = 9, missing = "") String text,
    @StoredAs(value = 10, missing = "1.50") BigDecimal price,
    @StoredAs(value = 11, missing = "PT5S") Duration pause,
    @StoredAs(value = 12, missing = "RUNTIME") Kind kind) {

  @Stored
  enum Kind {
    @StoredAs(1)
    SOURCE,
    @StoredAs(2)
    RUNTIME
  }
}
