package dev.abide.engine;

/** Some calls with a result, as {@link Abide#within} takes them. */
@FunctionalInterface
public interface Calls<R, X extends Exception> {
  /** Makes them. */
  R call() throws X;
}
