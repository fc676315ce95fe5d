package dev.abide.examples.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.testing.TestAbide;
import dev.abide.examples.user.User.Address;
import dev.abide.examples.user.User.Item;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserTest {
  private static final Address HOME =
      new Address("Ann", "1 Main St", "12345", "Springfield", Optional.empty());

  private final TestAbide test =
      TestAbide.open(options -> options.host(User.class, User.UserObject::new));
  private final User ann = test.abide().get(User.class, "ann");

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void address_isKeptWhenTheUserSleepsAndWhenTheProcessDies() {
    assertThat(ann.address()).isEmpty();
    ann.moveTo(HOME);

    test.abide().sleep(User.class, "ann");
    assertThat(ann.address()).hasValue(HOME);
    test.crash();
    assertThat(test.abide().get(User.class, "ann").address()).hasValue(HOME);
  }

  @Test
  void cart_addsUp_andRefusesNonsense() {
    ann.add("tea", 1);
    assertThat(ann.add("tea", 2)).isEqualTo(3);
    ann.add("cup", 1);
    assertThat(ann.remove("cup")).isTrue();
    assertThat(ann.remove("cup")).isFalse();

    assertThatThrownBy(() -> ann.add("tea", 0)).hasMessageContaining("1 or more");
    assertThatThrownBy(() -> ann.add("tea", Integer.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThat(ann.cart()).containsExactly(new Item("tea", 3));
  }
}
