package dev.abide.engine.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.store.KeyRange;
import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table against a sorted map, with fewer and with more slots than its array holds. */
class SlotTableTest {
  private static final class Table extends SlotTable {}

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 18, 60})
  void randomSteps_leaveWhatASortedMapHas(int keys) {
    long seed = keys * 31L;
    System.out.println("SlotTableTest seed " + seed);
    Random random = new Random(seed);
    Table table = new Table();
    NavigableMap<byte[], Slot> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int step = 0; step < 20_000; step++) {
      byte[] key = key(random, keys);
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4, 5 -> {
          assertThat(table.known(key)).isSameAs(model.get(key));
          if (!model.containsKey(key)) {
            Slot slot = new Slot(key);
            model.put(key, slot);
            table.add(slot);
          }
        }
        case 6, 7, 8 -> {
          model.remove(key);
          table.takeOut(key);
        }
        case 9 -> {
          int rest = random.nextInt(5);
          model.values().removeIf(slot -> slot.key[0] % 5 == rest);
          table.takeOutIf(slot -> slot.key[0] % 5 == rest);
        }
        case 10 -> {
          byte[] to = key(random, keys);
          boolean reversed = random.nextBoolean();
          if (random.nextInt(4) == 0) {
            assertSame(
                table.within(new KeyRange(key, null), reversed),
                ordered(model.tailMap(key, true), reversed));
          } else if (Arrays.compareUnsigned(key, to) <= 0) {
            assertSame(
                table.within(new KeyRange(key, to), reversed),
                ordered(model.subMap(key, true, to, false), reversed));
          }
        }
        default -> {
          if (random.nextInt(200) == 0) {
            model.clear();
            table.takeOutAll();
          }
          assertSame(table.all(), model.values());
        }
      }
    }
    assertSame(table.all(), model.values());
  }

  private static void assertSame(Collection<Slot> found, Collection<Slot> expected) {
    assertThat(found.toArray()).isEqualTo(expected.toArray());
  }

  private static Collection<Slot> ordered(NavigableMap<byte[], Slot> part, boolean reversed) {
    return (reversed ? part.descendingMap() : part).values();
  }

  private static byte[] key(Random random, int keys) {
    int number = random.nextInt(keys);
    return new byte[] {(byte) (number * 7), (byte) number};
  }
}
