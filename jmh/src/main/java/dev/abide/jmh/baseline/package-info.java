/** What the same work costs elsewhere. */
@NullMarked
package dev.abide.jmh.baseline;

import org.jspecify.annotations.NullMarked;
