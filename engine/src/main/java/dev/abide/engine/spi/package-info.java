/**
 * What generated code and adapters are written against. Applications use {@code dev.abide.engine}
 * instead.
 */
@NullMarked
package dev.abide.engine.spi;

import org.jspecify.annotations.NullMarked;
