package dev.abide.jmh;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.OneWay;
import dev.abide.engine.ObjectContext;
import java.util.stream.IntStream;

/** An object that tells many, which tell one. */
final class Fan {
  private Fan() {}

  /** Tells all leaves. */
  @DurableObject("fan-root")
  interface Root {
    @OneWay
    void out();
  }

  /** Tells the sink. */
  @DurableObject("fan-leaf")
  interface Leaf {
    @OneWay
    void hear();
  }

  /** Counts. */
  @DurableObject("fan-sink")
  interface Sink {
    @OneWay
    void in();
  }

  static final class RootObject implements Root {
    private final Leaf[] leaves;

    RootObject(ObjectContext context, int count) {
      leaves =
          IntStream.range(0, count)
              .mapToObj(n -> context.get(Leaf.class, "leaf-" + n))
              .toArray(Leaf[]::new);
    }

    @Override
    public void out() {
      for (Leaf leaf : leaves) {
        leaf.hear();
      }
    }
  }

  static final class LeafObject implements Leaf {
    private final Sink sink;

    LeafObject(ObjectContext context) {
      sink = context.get(Sink.class, "sink");
    }

    @Override
    public void hear() {
      sink.in();
    }
  }

  static final class SinkObject implements Sink {
    private final int all;
    private final Runnable complete;
    private int heard;

    SinkObject(int all, Runnable complete) {
      this.all = all;
      this.complete = complete;
    }

    @Override
    public void in() {
      heard++;
      if (heard == all) {
        heard = 0;
        complete.run();
      }
    }
  }
}
