/**
 * The truth: an append-only log of commits, synced before any reply leaves.
 *
 * <p>Writing: {@link dev.abide.engine.internal.journal.Journal} numbers commits and its one thread
 * writes them in batches. Reading: {@link dev.abide.engine.internal.journal.Recovery} decides at
 * the open which commits there are.
 */
@NullMarked
package dev.abide.engine.internal.journal;

import org.jspecify.annotations.NullMarked;
