/** An object's storage as its turns see it: cells, maps, slices, and the view behind them. */
@NullMarked
package dev.abide.engine.internal.storage;

import org.jspecify.annotations.NullMarked;
