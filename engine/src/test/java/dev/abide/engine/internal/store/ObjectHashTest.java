package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ObjectHashTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  /** The first vectors of the reference implementation: inputs 00 01 02 ... of growing length. */
  @Test
  void reference_vectors() {
    assertThat(hash("")).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(hash("00")).isEqualTo("da87c1d86b99af44347659119b22fc45");
    assertThat(hash("0001")).isEqualTo("8177228da4a45dc7fca38bdef60affe4");
  }

  @Test
  void type_and_id_are_not_run_together() {
    ObjectHash hash = new ObjectHash(KEY);

    assertThat(hash.name("ab", "c").hashHigh()).isNotEqualTo(hash.name("a", "bc").hashHigh());
  }

  @Test
  void reserved_tree_lies_in_its_shard() {
    ObjectHash hash = new ObjectHash(KEY);

    for (int shard = 0; shard < 64; shard++) {
      assertThat(hash.reserved("\u0001ids", "cart", shard).shard()).isEqualTo(shard);
    }
  }

  @Test
  void ill_formed_and_long_ids_are_refused() {
    ObjectHash hash = new ObjectHash(KEY);

    assertThatThrownBy(() -> hash.name("cart", "\ud800")).hasMessageContaining("surrogate");
    assertThatThrownBy(() -> hash.name("cart", "")).hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> hash.name("cart", "x".repeat(1_025))).hasMessageContaining("1,025");
  }

  private static String hash(String input) {
    long[] hash = new ObjectHash(KEY).hash(HexFormat.of().parseHex(input));
    return HexFormat.of()
        .formatHex(
            ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(hash[0])
                .putLong(hash[1])
                .array());
  }
}
