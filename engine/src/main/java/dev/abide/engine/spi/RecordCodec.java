package dev.abide.engine.spi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Codecs of records: a map of the components by their numbers, ascending. A member of a sealed
 * hierarchy is the same map with its name at the key 0, which its interface's codec writes and
 * reads.
 *
 * <p>Generated; stateless and safe for all threads.
 */
public abstract class RecordCodec<T> implements StoredCodec<T> {
  /** For generated codecs. */
  protected RecordCodec() {}

  /** How many components of the value are written. */
  protected abstract int count(T value);

  /** Writes so many numbers and components. */
  protected abstract void writeComponents(CborWriter out, T value);

  /** Reads so many numbers and components. */
  protected abstract T readComponents(CborReader in, int entries);

  @Override
  public final void write(CborWriter out, T value) {
    out.beginMap(count(value));
    writeComponents(out, value);
  }

  @Override
  public final T read(CborReader in) {
    return readComponents(in, in.beginMap());
  }

  /** 1 if it is, as a count of components. */
  protected static int present(Optional<?> component) {
    return component.isPresent() ? 1 : 0;
  }

  /**
   * Writes one component.
   *
   * @param part it in a path: {@code .sku}
   */
  protected final <C> void write(
      CborWriter out, int number, String part, Codec<C> codec, @Nullable C component) {
    if (component == null) {
      throw new NullPointerException(
          "component "
              + part.substring(1)
              + " of a value that "
              + getClass().getSimpleName()
              + " stores is null, which is never stored. Make it an Optional");
    }
    out.writeInt(number);
    out.enter();
    codec.write(out, component);
    out.leave();
  }

  /** Writes a component that may be empty; then nothing of it is written. */
  protected final <C> void writePresent(
      CborWriter out, int number, String part, Codec<C> codec, Optional<C> component) {
    if (component.isPresent()) {
      write(out, number, part, codec, component.get());
    }
  }

  /** Reads one component. */
  protected static <C> C read(CborReader in, String part, Codec<C> codec) {
    in.enter(part);
    C component = codec.read(in);
    in.leave();
    return component;
  }

  /** Writes the value as a member of a sealed hierarchy. */
  public final void writeMember(CborWriter out, String name, T value) {
    out.beginMap(count(value) + 1);
    out.writeInt(0);
    out.writeText(name);
    writeComponents(out, value);
  }

  /**
   * Reads a member of a sealed hierarchy.
   *
   * @param entries how many entries the map has, the name, which was read, included
   */
  public final T readMember(CborReader in, int entries) {
    return readComponents(in, entries - 1);
  }
}
