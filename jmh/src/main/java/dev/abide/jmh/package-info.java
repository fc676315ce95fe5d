/** One class per question; peers and baselines answer it in the same run. */
@NullMarked
package dev.abide.jmh;

import org.jspecify.annotations.NullMarked;
