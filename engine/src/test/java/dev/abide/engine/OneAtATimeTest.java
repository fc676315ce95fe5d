package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** G1, G2: one turn at a time, in the order issued. */
final class OneAtATimeTest extends ShapedTest {
  @Test
  void readModifyWrite_by50CallersAtOnce_givesEachNumberOnce() throws Exception {
    List<Long> seen = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers =
        IntStream.range(0, 50)
            .mapToObj(n ->
                (n % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform())
                    .start(() -> seen.add(counter().increment(1))))
            .toList();
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void turns_whileTheObjectSleepsAndWakes_neverOverlap() throws Exception {
    Counter counter = counter();
    Thread sleeper =
        Thread.ofPlatform()
            .start(() -> IntStream.range(0, 200).forEach(n -> abide.sleep(Counter.class, id)));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        calls.add(callers.submit(() -> IntStream.range(0, 200).forEach(n -> counter.increment(1))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
    sleeper.join();

    assertThat(counter.value()).isEqualTo(800);
  }

  @Test
  void oneWayAndTwoWay_mixedByOneThreadOverTwoStubs_startInTheOrderIssued() throws Exception {
    Queue<Integer> order = new ConcurrentLinkedQueue<>();
    Script first = script("");
    Script second = script("");
    for (int n = 0; n < 300; n++) {
      int number = n;
      Script.Step step =
          (context, self) -> {
            order.add(number);
            return "";
          };
      if (n % 3 == 0) {
        first.run(step);
      } else {
        (n % 3 == 1 ? first : second).send(step);
      }
    }
    abide.awaitDurable();

    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
  }
}
