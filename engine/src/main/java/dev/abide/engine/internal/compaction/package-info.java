/**
 * Runs and bases: the journal's commits, sorted. They bound the disk, and the store is rebuilt from
 * them.
 *
 * <p>A sealed segment becomes a run ({@link dev.abide.engine.internal.compaction.SegmentSorter});
 * neighbouring runs become one; old runs become the bases of the 64 shards ({@link
 * dev.abide.engine.internal.compaction.Compactor}). {@link
 * dev.abide.engine.internal.compaction.State} is the one way to read all of it. Nothing here asks
 * the store's maps anything.
 */
@NullMarked
package dev.abide.engine.internal.compaction;

import org.jspecify.annotations.NullMarked;
