/** How values and keys become bytes. */
@NullMarked
package dev.abide.engine.internal.stored;

import org.jspecify.annotations.NullMarked;
