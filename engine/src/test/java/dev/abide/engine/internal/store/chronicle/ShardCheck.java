package dev.abide.engine.internal.store.chronicle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks everything that a store has and checks that each page is in exactly one map and in exactly
 * one tree or grave, that trees are trees, and that the catalogues name what exists.
 */
final class ShardCheck {
  private static final KeyRange ALL = new KeyRange(new byte[0], null);

  private final Shard shard;
  private final Set<PageId> stored = new HashSet<>();
  private final Set<PageId> reached = new HashSet<>();

  private ShardCheck(Shard shard) {
    this.shard = shard;
  }

  static void check(ChronicleStore store) {
    store.onEachShard(shard -> new ShardCheck(shard).check());
  }

  private void check() {
    for (PageMap map : shard.maps.list()) {
      for (byte[] key : map.keys()) {
        assertThat(stored.add(PageId.of(key))).as("%s is in two maps", PageId.of(key)).isTrue();
      }
    }
    assertThat(shard.pages.waiting()).as("pages that wait").isZero();

    Set<String> objects = new TreeSet<>();
    Set<String> listed = new TreeSet<>();
    for (PageId id : stored) {
      if (id.number() == 0) {
        Page root = shard.pages.page(id);
        ObjectName name = requireNonNull(root.name);
        assertThat(root.count()).as("entries of " + name).isPositive();
        walk(root, null, null);
        if (Shard.isCatalogue(name)) {
          for (Entry entry : shard.reader.range(name, ALL, false, Integer.MAX_VALUE, 1 << 30)) {
            listed.add(
                name.id() + "/" + new String(entry.key(), java.nio.charset.StandardCharsets.UTF_8));
          }
        } else if (!Shard.isTree(name.type())) {
          objects.add(name.toString());
        }
      }
    }
    assertThat(listed).as("what the catalogues list").isEqualTo(objects);

    for (Entry grave :
        shard.reader.range(shard.gravesName(), ALL, false, Integer.MAX_VALUE, 1 << 30)) {
      PageId id = PageId.of(grave.key());
      int pieces = ByteBuffer.wrap(grave.value()).getInt();
      if (pieces == 0) {
        walk(shard.pages.page(id), null, null);
      } else {
        for (int i = 0; i < pieces; i++) {
          reach(id.sibling(id.number() + i));
        }
      }
    }
    assertThat(stored).as("pages that no tree has").isSubsetOf(reached);
    assertThat(reached).as("pages that are missing").isSubsetOf(stored);
    shard.pages.forgetRead();
  }

  private void walk(Page page, byte @Nullable [] low, byte @Nullable [] high) {
    reach(page.id);
    int size = PageCodec.size(page);
    assertThat(size).isLessThan(16_384);
    if (page.id.number() != 0) {
      assertThat(page.count()).isPositive();
      assertThat(Tree.isTooLarge(page.count(), size))
          .as("page %s has %d bytes and %d entries", page.id, size, page.count())
          .isFalse();
    } else if (!page.leaf) {
      assertThat(page.count()).as("children of a root").isGreaterThan(1);
    }
    for (int i = 0; i < page.count(); i++) {
      byte[] key = page.keys.get(i);
      if (i > 0) {
        assertThat(Arrays.compareUnsigned(page.keys.get(i - 1), key)).isNegative();
      }
      if (page.leaf) {
        assertThat(low == null || Arrays.compareUnsigned(low, key) <= 0).isTrue();
        assertThat(high == null || Arrays.compareUnsigned(key, high) < 0).isTrue();
        if (page.cells.get(i) instanceof Cell.Large large) {
          for (int piece = 0; piece < large.pieces(); piece++) {
            reach(page.id.sibling(large.first() + piece));
          }
        }
      } else {
        walk(
            shard.pages.page(page.id.sibling(page.children.get(i))),
            i == 0 ? low : key,
            i == page.count() - 1 ? high : page.keys.get(i + 1));
      }
    }
  }

  private void reach(PageId id) {
    assertThat(reached.add(id)).as("%s is reached twice", id).isTrue();
  }
}
