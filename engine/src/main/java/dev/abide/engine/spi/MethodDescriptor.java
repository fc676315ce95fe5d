package dev.abide.engine.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of a durable interface. Immutable.
 *
 * @param index its place in {@link Descriptor#methods()}
 * @param name the method's name
 * @param signature the name with erased parameter types, unique in the interface: {@code
 *     put(java.lang.String,int)}
 * @param readOnly whether the method is {@code @ReadOnly}
 * @param oneWay whether the method is {@code @OneWay}
 * @param exposed whether the method is {@code @Exposed}
 * @param deadline the method's {@code @Deadline}, or null
 * @param parameters the parameters' names, in order
 */
public record MethodDescriptor(
    int index,
    String name,
    String signature,
    boolean readOnly,
    boolean oneWay,
    boolean exposed,
    @Nullable Duration deadline,
    List<String> parameters) {
  /** Keeps its own copy of the list. */
  public MethodDescriptor {
    parameters = List.copyOf(parameters);
  }
}
