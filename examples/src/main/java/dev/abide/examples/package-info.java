/** Small applications, a folder each; {@link dev.abide.examples.Examples} starts them by name. */
@NullMarked
package dev.abide.examples;

import org.jspecify.annotations.NullMarked;
