/** Many callers at few objects, and a model of what each of them must get. */
@NullMarked
package dev.abide.engine.soak;

import org.jspecify.annotations.NullMarked;
