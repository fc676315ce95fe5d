package dev.abide.undertow;

import dev.abide.annotations.Exposed;

/** A generic super interface. */
interface Keeps<T> {
  @Exposed
  T keep(T value);
}
