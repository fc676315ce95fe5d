/** Random lives of objects, and the model that tells what must have become of them. */
@NullMarked
package dev.abide.engine.life;

import org.jspecify.annotations.NullMarked;
