/** Jobs: long work beside turns that goes on where it was, whatever happens to the process. */
@NullMarked
package dev.abide.examples.job;

import org.jspecify.annotations.NullMarked;
