package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.engine.Abide;
import dev.abide.engine.spi.Door;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the reader makes of anything: values, or a refusal, and never anything else. */
class JsonFormTest {
  private static final List<String> SEEDS =
      List.of(
          "{\"value\":{\"truth\":true,\"small\":-128,\"middle\":1000,\"number\":-5,\"large\":"
              + "\"9007199254740992\",\"single\":1.5,\"real\":0.1,\"letter\":\"x\",\"text\":\"\u00e9\","
              + "\"big\":\"18446744073709551616\",\"price\":\"1.50\",\"id\":"
              + "\"00000000-0000-0000-0000-000000000001\",\"address\":\"a:b\",\"instant\":"
              + "\"2026-01-01T00:00:00Z\",\"day\":\"2026-02-28\",\"pause\":\"PT5S\",\"colour\":"
              + "\"BLUE\",\"shapes\":[{\"type\":\"circle\",\"radius\":1.5},{\"type\":\"Square\","
              + "\"side\":2}],\"sets\":{\"a\":[3,1]},\"inner\":null}}",
          "{\"value\":{\"truth\":null}}",
          "{}",
          "[]",
          // one digit more or less is another case
          "{\"value\":{\"large\":\"9223372036854775807\"}}");

  private final JsonForm json = new JsonForm(1 << 16, 32);

  @Test
  void mutatedBodies_areReadOrRefused_andNothingElse() {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("JsonFormTest seed " + seed);
    Random random = new Random(seed);
    try (Abide abide = Abide.inMemory(options -> options.host(Room.class, Room.RoomObject::new))) {
      Route route =
          Objects.requireNonNull(new RouteTable(Door.of(abide), json).find("room", "same"));
      int read = 0;
      int refused = 0;
      for (int n = 0; n < 30_000; n++) {
        byte[] body = mutated(SEEDS.get(random.nextInt(SEEDS.size())), random);
        try {
          json.arguments(route, body);
          read++;
        } catch (Refusal expected) {
          refused++;
          assertThat(expected.status).isEqualTo(400);
          assertThat(expected.getMessage()).doesNotContain("dev.abide").hasSizeLessThan(600);
        }
      }
      assertThat(read).isPositive();
      assertThat(refused).isGreaterThan(1_000);
    }
  }

  private static byte[] mutated(String seed, Random random) {
    StringBuilder text = new StringBuilder(seed);
    String characters = "{}[]\",:0123456789-+.eE\\u truefalsn\u0000\u00ff";
    for (int m = random.nextInt(5); m >= 0 && !text.isEmpty(); m--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, characters.charAt(random.nextInt(characters.length())));
        default -> {
          int to = Math.min(text.length(), at + random.nextInt(40));
          text.insert(random.nextInt(text.length()), text.substring(at, to));
        }
      }
    }
    return text.toString()
        .getBytes(random.nextInt(8) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  @DurableObject("clash")
  interface Clash {
    sealed interface Sort {}

    record One(String type) implements Sort {}

    @Exposed
    Sort sort(List<Sort> sorts);
  }

  @Test
  void componentCalledAsTheMemberProperty_isRefusedWhenTheEdgeOpens() {
    Abide abide =
        Abide.inMemory(options -> options.host(Clash.class, context -> sorts -> sorts.getFirst()));
    try (abide) {
      assertThatThrownBy(() -> UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("clash.sort")
          .hasMessageContaining("One has a component \"type\"");
    }
  }
}
