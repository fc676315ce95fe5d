/** Nobody's API: everything below may change at any time. */
@NullMarked
package dev.abide.engine.internal;

import org.jspecify.annotations.NullMarked;
