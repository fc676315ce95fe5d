/**
 * Who waits for whom: finds chains of calls that wait for each other.
 *
 * <p>Fields that threads share: {@code waits} of a holder (volatile; written by the thread that
 * runs its turn, read by anyone), and what a search reads of a running turn beside it (plain; see
 * {@link dev.abide.engine.internal.cycle.CycleSearch}).
 */
@NullMarked
package dev.abide.engine.internal.cycle;

import org.jspecify.annotations.NullMarked;
