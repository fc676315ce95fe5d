/**
 * The annotation processor: reads annotated types, judges them, writes their stubs, descriptors and
 * codecs. Isolating: what it writes for a type depends on that type and what it names, and every
 * file has the type as its one originating element.
 */
@NullMarked
package dev.abide.processor;

import org.jspecify.annotations.NullMarked;
