package dev.abide.engine.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.abide.engine.fixtures.Shop;
import dev.abide.engine.fixtures.ShopDescriptor;
import dev.abide.engine.fixtures.ShopObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the processor generates, compiled under this build's lint and run on the least engine. */
final class GeneratedCodeTest {
  private final ShopDescriptor descriptor = new ShopDescriptor();
  private final ShopObject object = new ShopObject();
  private final LoneTarget target = new LoneTarget(object);
  private final Shop shop = descriptor.stub(target);

  @Test
  void idleObject_runsTheTurnHere() {
    assertThat(shop.increment(3)).isEqualTo(3);
    assertThat(shop.increment(4)).isEqualTo(7);
    assertThat(target.events).isEmpty();
  }

  @Test
  void busyObject_queuesTheCall() {
    target.turn.busy(true);

    assertThat(shop.increment(3)).isEqualTo(3);
    assertThat(shop.turn("a", 1, "b", "c", "d")).isEqualTo("a1bcd");
    assertThat(target.events).containsExactly("queue increment", "queue turn");
  }

  @Test
  void replyThatDependsOnACommit_waitsForIt() {
    target.commit = 12;

    shop.increment(1);

    assertThat(target.events).containsExactly("await 12");
  }

  @Test
  void failureHere_abandonsTheTurnFirst_andIsThrownAsItIs() {
    for (Throwable failure :
        List.of(new IOException("checked"), new AssertionError("error"), new Exception("odd"))) {
      object.failure = failure;

      assertThatThrownBy(() -> shop.draw(Shop.Colour.RED)).isSameAs(failure);
    }
    assertThat(target.events).containsOnly("failed at depth 0 in phase " + Turn.ABANDONED);
    assertThat(TurnStack.current().depth).isZero();
  }

  @Test
  void failureInTheQueue_isThrownAsItIs() {
    target.turn.busy(true);
    object.failure = new IOException("checked");

    assertThatThrownBy(() -> shop.draw(Shop.Colour.RED)).isSameAs(object.failure);
  }

  @Test
  void oneWay_isSent_andDeadline_isQueuedEvenIfIdle() {
    shop.hint("x");

    assertThatThrownBy(() -> shop.slow(3)).isInstanceOf(IOException.class);
    assertThat(target.events).containsExactly("send hint", "queue slow");
    assertThat(object.given).isEmpty();
  }

  @Test
  void inheritedAndDefaultMethods_runOnTheObject() throws IOException {
    assertThat(shop.stock(new ArrayList<>(List.of("a", "b")))).isEqualTo(2);
    assertThat(shop.greeting()).isEqualTo("hello from shop");
    assertThat(shop).hasToString("shop/corner").isEqualTo(descriptor.stub(target));
  }

  @Test
  void inlineCall_allocatesNothing() {
    List<String> items = List.of("x", "y", "z");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Runnable calls =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            shop.increment(1);
            shop.find("key");
            stock(items);
          }
        };
    calls.run();

    long before = threads.getCurrentThreadAllocatedBytes();
    calls.run();
    long after = threads.getCurrentThreadAllocatedBytes();

    // The least object takes 8 bytes; the compiler may leave a few of its own in the whole run.
    assertThat(after - before).as("bytes in 30,000 calls").isLessThan(30_000);
  }

  @Test
  void arguments_areCutOffFromTheCaller() {
    List<String> tags = new ArrayList<>(List.of("x"));
    List<String> notes = new ArrayList<>(List.of("n"));

    shop.line(new Shop.Line("a", 1, tags), notes);
    tags.add("y");
    notes.add("o");

    assertThat(object.given).containsExactly(new Shop.Line("a", 1, List.of("x")), List.of("n"));
  }

  @Test
  void results_areCutOffFromTheObject() {
    List<String> tags = new ArrayList<>(List.of("x"));
    object.answer = new Shop.Line("a", 1, tags);

    for (boolean busy : new boolean[] {false, true}) {
      target.turn.busy(busy);
      Shop.Line result = shop.line(new Shop.Line("b", 1, List.of()), null);

      assertThat(result).isEqualTo(object.answer).isNotSameAs(object.answer);
      assertThatThrownBy(() -> result.tags().add("y"))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void immutableRecords_crossAsTheSameInstance() {
    Shop.Line line = new Shop.Line("a", 1, List.of("x"));
    Shop.Node tree = new Shop.Node("a", List.of(new Shop.Node("b", List.of())));
    Shop.Shape circle = new Shop.Circle(1);
    Shop.Answer<List<String>> yes = new Shop.Yes<>(List.of("a"));

    assertThat(shop.line(line, null)).isSameAs(line);
    assertThat(shop.tree(tree)).isSameAs(tree);
    assertThat(shop.draw(circle)).isSameAs(circle);
    assertThat(shop.ask(yes)).isSameAs(yes);
  }

  @Test
  void mutableParts_areFrozenAtAnyDepth() {
    List<Shop.Node> children = new ArrayList<>(List.of(new Shop.Node("b", new ArrayList<>())));
    Shop.Node tree = shop.tree(new Shop.Node("a", children));
    Set<Shop.Shape> shapes = new HashSet<>(Set.of(new Shop.Group(new HashSet<>())));
    Shop.Shape group = shop.draw(new Shop.Group(shapes));
    Shop.Answer<List<String>> yes = shop.ask(new Shop.Yes<>(new ArrayList<>(List.of("a"))));
    children.clear();
    shapes.clear();

    assertThat(tree).isEqualTo(new Shop.Node("a", List.of(new Shop.Node("b", List.of()))));
    assertThat(group).isEqualTo(new Shop.Group(Set.of(new Shop.Group(Set.of()))));
    assertThat(yes).isEqualTo(new Shop.Yes<>(List.of("a")));
    assertThat(shop.ask(new Shop.No<>("why"))).isEqualTo(new Shop.No<>("why"));
  }

  @Test
  void genericRecordsOptionalsAndMaps_areCopied() {
    List<Shop.Line> lines = new ArrayList<>(List.of(new Shop.Line("a", 1, new ArrayList<>())));
    Map<String, Set<Shop.Line>> result =
        shop.pairs(
            new Shop.Pair<>("p", lines),
            Optional.of(new ArrayList<>(List.of("n"))),
            new HashSet<>(Set.of(1)));
    lines.clear();

    assertThat(object.given)
        .containsExactly(
            new Shop.Pair<>("p", List.of(new Shop.Line("a", 1, List.of()))),
            Optional.of(List.of("n")),
            Set.of(1));
    assertThat(result).isEmpty();
    assertThatThrownBy(() -> result.put("x", Set.of()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void arrays_areCopiedBothWays() {
    byte[] data = {1, 2};
    byte[] result = shop.bytes(data, "a", "b");

    assertThat(result).containsExactly(1, 2).isNotSameAs(data);
    assertThat(object.given.get(0)).isNotSameAs(data).isNotSameAs(result);
  }

  @Test
  void nulls_areRefusedUnlessAnnotated() {
    assertThat(shop.find(null)).isNull();
    assertRefused(() -> shop.hint(none()), "argument text of Shop.hint is null; ");
    assertRefused(() -> shop.line(none(), null), "argument line of Shop.line is null; ");
    assertRefused(
        () -> shop.line(new Shop.Line("a", 1, Arrays.asList("x", none())), null),
        "argument line of Shop.line has a null at tags[1]; ");
    assertThat(shop.line(new Shop.Line("a", 1, none()), null).tags()).isNull();

    object.answer = new Shop.Line("a", 1, Arrays.asList("x", none()));
    assertRefused(
        () -> shop.line(new Shop.Line("a", 1, List.of()), null),
        "result of Shop.line has a null at tags[1]; ");
  }

  @Test
  void stubs_areCheckedOnTheirWay_alsoInsideRecords() {
    assertThat(shop.neighbour(shop, List.of(new Shop.Door("front", shop)))).isSameAs(shop);
    assertThatThrownBy(() -> shop.neighbour(object, List.of()))
        .hasMessage("argument other of Shop.neighbour is not a stub");
    assertThatThrownBy(() -> shop.neighbour(shop, List.of(new Shop.Door("back", object))))
        .hasMessage("argument doors of Shop.neighbour is not a stub");

    object.answer = object;
    assertThatThrownBy(() -> shop.neighbour(shop, List.of()))
        .hasMessage("result of Shop.neighbour is not a stub");
  }

  @Test
  void descriptor_saysWhatTheInterfaceSays() {
    assertThat(descriptor.type()).isEqualTo(Shop.class);
    assertThat(descriptor.name()).isEqualTo("shop");
    for (int i = 0; i < descriptor.methods().size(); i++) {
      assertThat(descriptor.methods().get(i).index()).isEqualTo(i);
    }
    assertThat(method("slow").deadline()).isEqualTo(Duration.ofMillis(500));
    assertThat(method("hint").oneWay()).isTrue();
    assertThat(method("greeting").readOnly()).isTrue();
    assertThat(method("stock"))
        .isEqualTo(
            new MethodDescriptor(
                method("stock").index(),
                "stock",
                "stock(java.util.List)",
                false,
                false,
                true,
                null,
                List.of("items")));
  }

  @Test
  void callOfAnExposedMethod_isTheOneAStubWouldMake() throws Throwable {
    Call call = descriptor.call(method("increment"), new Object[] {5L});
    call.run(target.turn, object);
    List<String> tags = new ArrayList<>(List.of("x"));
    Call copied =
        descriptor.call(method("line"), new @Nullable Object[] {new Shop.Line("a", 1, tags), null});
    tags.add("y");
    copied.run(target.turn, object);

    assertThat(call.boxedResult()).isEqualTo(5L);
    assertThat(copied.boxedResult()).isEqualTo(new Shop.Line("a", 1, List.of("x")));
  }

  @Test
  void callWithWrongArguments_isRefused() {
    MethodDescriptor increment = method("increment");
    assertIllegal(increment, "increment of shop takes 1 arguments, [by], and was given 0");
    assertIllegal(
        increment,
        "argument by of Shop.increment is of java.lang.Integer and must be of java.lang.Long",
        5);
    assertIllegal(
        method("hint"), "hint(java.lang.String) of shop is not exposed; annotate it with @Exposed");
    assertIllegal(
        new MethodDescriptor(0, "other", "other()", false, false, true, null, List.of()),
        "other() is not a method of shop; take it from methods()");
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> descriptor.call(increment, new @Nullable Object[] {null}))
        .withMessageStartingWith("argument by of Shop.increment is null; ");
  }

  private void stock(List<String> items) {
    try {
      shop.stock(items);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private void assertIllegal(MethodDescriptor method, String message, Object... arguments) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> descriptor.call(method, arguments))
        .withMessage(message);
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(call::run)
        .withMessageStartingWith(message);
  }

  private MethodDescriptor method(String name) {
    return descriptor.methods().stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A null that the type checker does not see. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T none() {
    return null;
  }
}
