/** The engine: open it, get stubs, call them. */
@NullMarked
package dev.abide.engine;

import org.jspecify.annotations.NullMarked;
