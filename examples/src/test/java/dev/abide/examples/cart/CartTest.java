package dev.abide.examples.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.testing.TestAbide;
import dev.abide.examples.cart.Cart.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CartTest {
  private final TestAbide test =
      TestAbide.open(options -> options.host(Cart.class, Cart.CartObject::new));
  private final Cart cart = test.abide().get(Cart.class, "ann");

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void add_ofTheSameThing_addsUp() throws Exception {
    Instant first = test.clock().instant();
    cart.add("tea", 1);
    test.clock().advance(Duration.ofMinutes(1));
    assertThat(cart.add("tea", 2)).isEqualTo(3);
    cart.add("cup", 1);

    assertThat(cart.lines())
        .containsExactly(
            new Line("cup", 1, first.plusSeconds(60), Optional.empty()),
            new Line("tea", 3, first, Optional.empty()));
  }

  @Test
  void add_overTheBound_keepsTheCartAsItWas() throws Exception {
    for (int n = 0; n < 100; n++) {
      cart.add("thing-" + n, 1);
    }

    assertThatThrownBy(() -> cart.add("one-more", 1)).isInstanceOf(Cart.FullException.class);
    assertThat(cart.lines()).hasSize(100).noneMatch(line -> line.sku().equals("one-more"));
    assertThat(cart.add("thing-7", 1)).isEqualTo(2);
  }

  @Test
  void note_staysWithItsLine_alsoWhenTheCartWakes() throws Exception {
    cart.add("tea", 1);

    assertThat(cart.note("tea", "as a gift")).isTrue();
    assertThat(cart.note("cup", "as a gift")).isFalse();
    test.abide().sleep(Cart.class, "ann");
    assertThat(cart.lines())
        .singleElement()
        .matches(line -> line.note().orElse("").contains("gift"));
    cart.add("tea", 1);
    assertThat(cart.lines()).extracting(Line::note).containsExactly(Optional.of("as a gift"));
  }

  @Test
  void checkout_empties_andSurvivesACrash() throws Exception {
    cart.add("tea", 1);

    assertThat(cart.checkout()).extracting(Line::sku).containsExactly("tea");
    test.crash();
    assertThat(test.abide().get(Cart.class, "ann").lines()).isEmpty();
  }
}
