/** For tests of applications: an engine in memory, and a clock that is moved by hand. */
@NullMarked
package dev.abide.engine.testing;

import org.jspecify.annotations.NullMarked;
