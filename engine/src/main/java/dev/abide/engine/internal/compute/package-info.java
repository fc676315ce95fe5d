/**
 * Where turns run that are heavy on the processor.
 *
 * <p>Fields that threads share: those of {@link dev.abide.engine.internal.compute.ComputePool},
 * guarded by its lock.
 */
@NullMarked
package dev.abide.engine.internal.compute;

import org.jspecify.annotations.NullMarked;
