/**
 * The materialised state, off heap: B+trees of pages in Chronicle Map, in 64 shards, each owned by
 * one store thread. It is a view of the journal and may be thrown away whenever the engine is
 * closed.
 *
 * <p>Everything here but {@link dev.abide.engine.internal.store.chronicle.ChronicleStore}, the map
 * maker and the bootstrap is touched by the shard's store thread only and so has no locks.
 */
@NullMarked
package dev.abide.engine.internal.store.chronicle;

import org.jspecify.annotations.NullMarked;
