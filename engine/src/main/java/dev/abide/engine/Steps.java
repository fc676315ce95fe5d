package dev.abide.engine;

/** Some steps without a result, as {@link Abide#within} takes them. */
@FunctionalInterface
public interface Steps<X extends Exception> {
  /** Goes through them. */
  void run() throws X;
}
