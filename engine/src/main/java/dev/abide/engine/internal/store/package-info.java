/**
 * What the engine keeps: commits go in, awake objects come out. {@link
 * dev.abide.engine.internal.store.ObjectStore} is the door; behind it stand the journal with
 * Chronicle Map, or a plain map in memory.
 */
@NullMarked
package dev.abide.engine.internal.store;

import org.jspecify.annotations.NullMarked;
