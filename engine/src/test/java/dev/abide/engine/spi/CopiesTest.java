package dev.abide.engine.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * G8: what a copier returns can be changed by nobody, and is the same instance if it already was
 * so.
 */
final class CopiesTest {
  private static final String WHAT = "argument lines of Cart.add";

  private final Copier<List<String>> list = Copies.list(Copies.asIs());
  private final Copier<List<List<String>>> lists = Copies.list(list);
  private final Copier<Set<Integer>> set = Copies.set(Copies.asIs());
  private final Copier<Set<List<String>>> setOfLists = Copies.set(list);
  private final Copier<Map<String, Integer>> map = Copies.map(Copies.asIs(), Copies.asIs());
  private final Copier<Map<String, List<String>>> mapOfLists = Copies.map(Copies.asIs(), list);

  @Test
  void list_mutable_isCopiedAndCutOff() {
    List<String> mine = new ArrayList<>(List.of("b", "a", "c"));

    List<String> copy = copy(list, mine);
    mine.set(0, "changed");

    assertThat(copy).containsExactly("b", "a", "c");
    assertThatThrownBy(() -> copy.add("d")).isInstanceOf(UnsupportedOperationException.class);
    assertThat(copy(list, copy)).isSameAs(copy);
  }

  @Test
  void list_ofTheJdksImmutableKinds_isTheSameInstance() {
    for (int size = 0; size < 12; size++) {
      List<String> texts = IntStream.range(0, size).mapToObj(String::valueOf).toList();

      assertThat(copy(list, texts)).isSameAs(texts);
      assertThat(copy(list, List.copyOf(texts))).isEqualTo(texts);
    }
    List<String> two = List.of("a", "b");
    assertThat(copy(list, two)).isSameAs(two);
  }

  @Test
  void list_unmodifiableView_isCopied() {
    List<String> behind = new ArrayList<>(List.of("a"));

    List<String> copy = copy(list, Collections.unmodifiableList(behind));
    behind.add("b");

    assertThat(copy).containsExactly("a");
  }

  @Test
  void list_deep_isImmutableAllTheWayDown() {
    List<String> inner = new ArrayList<>(List.of("a"));
    List<String> frozen = List.of("z");

    List<List<String>> copy = copy(lists, List.of(frozen, inner));
    inner.add("b");

    assertThat(copy).containsExactly(List.of("z"), List.of("a"));
    assertThat(copy.get(0)).isSameAs(frozen);
    assertThatThrownBy(() -> copy.get(1).add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(copy(lists, copy)).isSameAs(copy);
  }

  @Test
  void set_keepsItsOrder_andIsKnownTheNextTime() {
    List<Integer> order = IntStream.range(0, 1000).map(i -> i * 7919 % 1000).boxed().toList();

    Set<Integer> copy = copy(set, new LinkedHashSet<>(order));

    assertThat(copy).containsExactlyElementsOf(order).contains(5).doesNotContain(1000);
    assertThat(copy).isEqualTo(new HashSet<>(order)).hasSameHashCodeAs(new HashSet<>(order));
    assertThat(copy(set, copy)).isSameAs(copy);
    assertUnmodifiable(copy);
  }

  @Test
  void set_ofTheJdksImmutableKinds_isTheSameInstance() {
    for (Set<Integer> immutable :
        List.<Set<Integer>>of(Set.of(), Set.of(1), Set.of(1, 2), Set.of(1, 2, 3, 4, 5))) {
      assertThat(copy(set, immutable)).isSameAs(immutable);
    }
  }

  @Test
  void set_deep_copiesItsElements() {
    List<String> inner = new ArrayList<>(List.of("a"));
    Set<List<String>> copy = copy(setOfLists, Set.of(inner));
    inner.add("b");

    assertThat(copy).containsExactly(List.of("a"));
    assertThat(copy(setOfLists, copy)).isSameAs(copy);
  }

  @Test
  void map_keepsItsOrder_andIsKnownTheNextTime() {
    Map<String, Integer> mine = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      mine.put("key" + i * 7919 % 1000, i);
    }

    Map<String, Integer> copy = copy(map, mine);

    assertThat(List.copyOf(copy.entrySet())).isEqualTo(List.copyOf(mine.entrySet()));
    assertThat(copy).isEqualTo(mine).hasSameHashCodeAs(mine).containsKey("key0");
    assertThat(copy.get("none")).isNull();
    assertThat(copy(map, copy)).isSameAs(copy);
    assertUnmodifiable(copy);
    mine.clear();
    assertThat(copy).hasSize(1000);
  }

  @Test
  void map_sorted_keepsItsOrder() {
    Map<String, Integer> descending = new TreeMap<>(Collections.reverseOrder());
    descending.putAll(Map.of("a", 1, "c", 3, "b", 2));

    assertThat(copy(map, descending).keySet()).containsExactly("c", "b", "a");
  }

  @Test
  void map_ofTheJdksImmutableKinds_isTheSameInstance() {
    for (Map<String, Integer> immutable :
        List.<Map<String, Integer>>of(Map.of(), Map.of("a", 1), Map.of("a", 1, "b", 2))) {
      assertThat(copy(map, immutable)).isSameAs(immutable);
    }
  }

  @Test
  void map_deep_copiesItsValues() {
    List<String> inner = new ArrayList<>(List.of("a"));
    Map<String, List<String>> copy = copy(mapOfLists, Map.of("x", inner));
    inner.add("b");

    assertThat(copy).containsExactly(Map.entry("x", List.of("a")));
    assertThat(copy(mapOfLists, copy)).isSameAs(copy);
  }

  @Test
  void optional_isRebuiltOnlyIfItsContentChanges() {
    Copier<Optional<List<String>>> optional = Copies.optional(list);
    Optional<List<String>> immutable = Optional.of(List.of("a"));

    assertThat(copy(optional, immutable)).isSameAs(immutable);
    assertThat(copy(optional, Optional.empty())).isEmpty();
    assertThat(copy(optional, Optional.of(new ArrayList<>(List.of("a"))))).isEqualTo(immutable);
  }

  @Test
  void arrays_areAlwaysCopied() {
    Copier<byte[]> bytes = Copies.primitives();
    byte[] mine = {1, 2};
    byte[] copy = copy(bytes, mine);
    mine[0] = 9;
    assertThat(copy).containsExactly(1, 2);

    assertThat(copy(Copies.<boolean[]>primitives(), new boolean[] {true})).containsExactly(true);
    assertThat(copy(Copies.<short[]>primitives(), new short[] {1})).containsExactly((short) 1);
    assertThat(copy(Copies.<char[]>primitives(), new char[] {'a'})).containsExactly('a');
    assertThat(copy(Copies.<int[]>primitives(), new int[] {1})).containsExactly(1);
    assertThat(copy(Copies.<long[]>primitives(), new long[] {1})).containsExactly(1);
    assertThat(copy(Copies.<float[]>primitives(), new float[] {1})).containsExactly(1);
    assertThat(copy(Copies.<double[]>primitives(), new double[] {1})).containsExactly(1);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void array_ofANarrowerClass_takesTheImmutableParts() {
    Copier<List<String>[]> arrays = Copies.array(List.class, list);

    List<String>[] copy = copy(arrays, new ArrayList[] {new ArrayList<>(List.of("a"))});

    assertThat(copy).containsExactly(List.of("a"));
    assertThat(copy).isExactlyInstanceOf(List[].class);
  }

  @Test
  void nullInside_isRefusedByItsPath() {
    assertNull(list, Arrays.asList("a", null), "[1]");
    assertNull(list, Stream.of("a", null, "b").toList(), "[1]");
    assertNull(lists, List.of(List.of(), Arrays.asList("a", null)), "[1][1]");
    assertNull(set, new HashSet<>(Arrays.asList(1, null)), "[]");
    assertNull(mapOfLists, Map.of("a", Arrays.asList("a", null)), "[value][1]");
    assertNull(map, Collections.singletonMap(null, 1), "[key]");
    assertNull(map, Collections.singletonMap("a", null), "[value]");
    assertNull(Copies.optional(list), Optional.of(Arrays.asList("a", null)), "[][1]");
    assertNull(Copies.array(String.class, Copies.asIs()), new String[] {"a", null}, "[1]");
  }

  @Test
  void nullItself_isRefusedUnlessAllowed() {
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> list.required(null, StubCheck.NONE, WHAT))
        .withMessageStartingWith(WHAT + " is null; ");
    assertThat(list.orNull(null, StubCheck.NONE, WHAT)).isNull();
    assertThat(list.component("tags", null, StubCheck.NONE, WHAT)).isNull();
  }

  @Test
  void stub_whereNoneMayBe_isRefused() {
    assertThatThrownBy(() -> copy(Copies.list(Copies.stub()), List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(WHAT);
  }

  private static <T> T copy(Copier<T> copier, T value) {
    return copier.copy(value, StubCheck.NONE, WHAT);
  }

  private static <T> void assertNull(Copier<T> copier, T value, String path) {
    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> copy(copier, value))
        .withMessageStartingWith(WHAT + " has a null at " + path + ";");
  }

  private static void assertUnmodifiable(Set<Integer> set) {
    List<Runnable> changes =
        List.of(
            () -> set.add(-1),
            () -> set.remove(5),
            () -> set.removeIf(i -> true),
            () -> set.retainAll(Set.of()),
            set::clear,
            () -> {
              var all = set.iterator();
              all.next();
              all.remove();
            });
    assertThat(changes)
        .allSatisfy(change ->
            assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class));
  }

  private static void assertUnmodifiable(Map<String, Integer> map) {
    List<Runnable> changes =
        List.of(
            () -> map.put("x", 1),
            () -> map.remove("key0"),
            map::clear,
            () -> map.replaceAll((k, v) -> 0),
            () -> map.merge("key0", 1, Integer::sum),
            () -> map.computeIfAbsent("x", k -> 1),
            () -> map.keySet().clear(),
            () -> map.values().clear(),
            () -> map.entrySet().clear(),
            () -> map.entrySet().iterator().next().setValue(1));
    assertThat(changes)
        .allSatisfy(change ->
            assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class));
  }
}
