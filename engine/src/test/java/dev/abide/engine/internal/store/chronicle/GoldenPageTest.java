package dev.abide.engine.internal.store.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of pages, which a clean close hands to the next release. */
final class GoldenPageTest {
  private static final ObjectName NAME =
      new ObjectName("T", "id", 0x0102030405060708L, 0x1112131415161718L);

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  @Test
  void rootThatIsALeaf_withAValueInItAndOneInPieces() {
    Page root = new Page(PageId.of(NAME, 0), NAME, true);
    root.keys.add(new byte[] {1, 2});
    root.cells.add(new Cell.Inline(new byte[] {9}));
    root.keys.add(new byte[] {3});
    root.cells.add(new Cell.Large(9_000, 17, 0x0A0B0C0D));

    assertThat(PageCodec.encode(root))
        .isEqualTo(
            bytes(
                """
                6087dacd 11 0001 54 0002 6964 00000002
                0002 0102 00 0001 09
                0001 03 01 00002328 0000000000000011 0a0b0c0d
                """));
  }

  @Test
  void innerPage() {
    Page inner = new Page(PageId.of(NAME, 5), null, false);
    inner.keys.add(new byte[] {1});
    inner.children.add(6L);
    inner.keys.add(new byte[] {2});
    inner.children.add(7L);

    assertThat(PageCodec.encode(inner))
        .isEqualTo(bytes("fc1a8a19 02 00000002 0001 01 0000000000000006 0001 02 0000000000000007"));
  }

  @Test
  void piece_andTheKeyThatItLiesUnder() {
    PageId id = PageId.of(NAME, 17);

    assertThat(PageCodec.encodePiece(id, new byte[] {1, 2, 3, 4}, 1, 3))
        .isEqualTo(bytes("61ac58d0 03 0203"));
    assertThat(id.key()).isEqualTo(bytes("0102030405060708 1112131415161718 0000000000000011"));
  }

  @Test
  void hashOfAnObject_whichDecidesItsShardForEver() {
    ObjectName name = new ObjectHash(new byte[16]).name("cart", "a");

    assertThat(name.hashHigh()).isEqualTo(-678264672678765212L);
    assertThat(name.hashLow()).isEqualTo(-5779723017189775182L);
  }
}
