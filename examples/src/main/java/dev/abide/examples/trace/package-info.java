/** Traces that go from an HTTP request through objects and what these call. */
@NullMarked
package dev.abide.examples.trace;

import org.jspecify.annotations.NullMarked;
