/** What tools must know to print stored values without the application's classes. */
@NullMarked
package dev.abide.engine.internal.schema;

import org.jspecify.annotations.NullMarked;
