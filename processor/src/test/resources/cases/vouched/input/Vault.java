package shop;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.SafeToShare;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Everything that is safe by itself: nothing is copied. */
@DurableObject("vault")
interface Vault {
  @SafeToShare
  final class Box<T> {}

  @SafeToShare
  interface Tag {}

  @net.jcip.annotations.Immutable
  final class Point {}

  @SafeToShare
  record Bytes(byte[] bytes) {}

  record All(UUID id, URI uri, BigDecimal price, BigInteger count, Optional<LocalDate> day) {}

  void box(Box<String> box, Tag tag, Point point, Bytes bytes);

  All all(All all, DayOfWeek day, Duration time, ZoneId zone, Boolean yes, Character letter);

  Optional<Optional<String>> text();

  List<Bytes> list();
}
