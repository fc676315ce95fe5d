package dev.abide.data;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An application's type, which the tool never sees. */
@DurableObject("ledger")
public interface Ledger {
  @Stored("entry")
  record Entry(
      @StoredAs(1) String text,
      @StoredAs(2) long cents,
      @StoredAs(3) Optional<Kind> kind,
      @StoredAs(4) List<Mark> marks) {}

  @Stored("kind")
  enum Kind {
    @StoredAs(1)
    PAID,
    @StoredAs(2)
    OWED
  }

  @Stored("mark")
  sealed interface Mark permits Star, Note {}

  @Stored("star")
  record Star() implements Mark {}

  @Stored("note")
  record Note(@StoredAs(1) String says) implements Mark {}

  long add(Entry entry, Instant when);

  long sum();

  void remind(Instant due);

  Optional<Instant> reminder();
}
