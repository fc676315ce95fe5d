package dev.abide.undertow;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** An object with a method for everything that the edge has to carry. */
@DurableObject("room")
interface Room extends Keeps<List<Room.Line>> {
  enum Colour {
    RED,
    BLUE
  }

  sealed interface Shape {}

  @Stored("circle")
  record Circle(@StoredAs(1) double radius) implements Shape {}

  record Square(int side) implements Shape {
    public Square {
      if (side < 0) {
        throw new IllegalArgumentException("a side is " + side + " long");
      }
    }
  }

  record Line(String sku, int quantity, Optional<String> note, @Nullable String remark) {}

  record Everything(
      boolean truth,
      byte small,
      short middle,
      int number,
      long large,
      float single,
      double real,
      char letter,
      String text,
      BigInteger big,
      BigDecimal price,
      UUID id,
      URI address,
      Instant instant,
      LocalDate day,
      Duration pause,
      Colour colour,
      List<Shape> shapes,
      Map<String, Set<Long>> sets,
      Optional<Everything> inner) {}

  record Tree(List<Tree> children) {}

  /** Refused by the method itself. */
  final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    FullException(String message) {
      super(message);
    }
  }

  @Exposed
  long add(long by);

  @Exposed
  @ReadOnly
  long value();

  @Exposed
  @ReadOnly
  String echo(String text, int number, Optional<Long> more, Colour colour, Instant at);

  @Exposed
  @ReadOnly
  int sum(List<Integer> numbers);

  @Exposed
  Everything same(Everything value);

  @Exposed
  int depth(Tree tree);

  @Exposed
  Shape shape(Shape shape);

  @Exposed
  @Nullable String orNull(@Nullable String text);

  @Exposed
  byte[] bytes(byte[] value);

  @Exposed
  BigDecimal price(BigDecimal value);

  @Exposed
  void nothing();

  @Exposed
  @OneWay
  void hint(String text);

  @Exposed
  void fail(String how) throws FullException;

  @Exposed
  String caller();

  /** Asks another room who calls it, through a call of its own. */
  @Exposed
  String callerSeenBy(String id);

  /** Tells another room to remember who called it, one way. */
  @Exposed
  void tell(String id);

  @OneWay
  void remember();

  @Exposed
  @ReadOnly
  String remembered();

  @Exposed
  @ReadOnly
  String large(int length);

  @Exposed
  void block();

  void hidden();

  /** The implementation. */
  final class RoomObject implements Room {
    static final Semaphore ENTERED = new Semaphore(0);
    static volatile CountDownLatch release = new CountDownLatch(0);

    private final ObjectContext context;
    private final Cell<Long> count;
    private final Cell<String> remembered;

    RoomObject(ObjectContext context) {
      this.context = context;
      count = context.storage().cell("count", Long.class, 0L);
      remembered = context.storage().cell("remembered", String.class, "");
    }

    @Override
    public List<Line> keep(List<Line> value) {
      return value;
    }

    @Override
    public long add(long by) {
      return count.update(n -> n + by);
    }

    @Override
    public long value() {
      return count.get();
    }

    @Override
    public String echo(String text, int number, Optional<Long> more, Colour colour, Instant at) {
      return String.join("|", text, "" + number, more.toString(), colour.name(), at.toString());
    }

    @Override
    public int sum(List<Integer> numbers) {
      return numbers.stream().mapToInt(n -> n).sum();
    }

    @Override
    public Everything same(Everything value) {
      return value;
    }

    @Override
    public int depth(Tree tree) {
      return 1 + tree.children().stream().mapToInt(this::depth).max().orElse(0);
    }

    @Override
    public Shape shape(Shape shape) {
      return shape;
    }

    @Override
    public @Nullable String orNull(@Nullable String text) {
      return text;
    }

    @Override
    public byte[] bytes(byte[] value) {
      return value;
    }

    @Override
    public BigDecimal price(BigDecimal value) {
      return value;
    }

    @Override
    public void nothing() {}

    @Override
    public void hint(String text) {
      count.update(n -> n + text.length());
    }

    @Override
    public void fail(String how) throws FullException {
      switch (how) {
        case "declared" -> throw new FullException("the room is full");
        case "undeclared" -> throw new IllegalStateException("secret of the implementation");
        case "error" -> throw new AssertionError("secret of the implementation");
        case "nested" -> context.get(Room.class, "another").fail("cycle:" + context.id());
        default -> context.get(Room.class, how.substring(how.indexOf(':') + 1)).fail("declared");
      }
    }

    @Override
    public String caller() {
      return context.caller().map(caller -> caller.name() + caller.attributes()).orElse("nobody");
    }

    @Override
    public String callerSeenBy(String id) {
      return context.get(Room.class, id).caller();
    }

    @Override
    public void tell(String id) {
      context.get(Room.class, id).remember();
    }

    @Override
    public void remember() {
      remembered.set(caller());
    }

    @Override
    public String remembered() {
      return remembered.get();
    }

    @Override
    public String large(int length) {
      return "x".repeat(length);
    }

    @Override
    public void block() {
      ENTERED.release();
      try {
        release.await();
        count.set(1_000L);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void hidden() {
      throw new AssertionError("reached from outside");
    }
  }
}
