/** A whiteboard that several browsers share: an object that clients plug in to. */
@NullMarked
package dev.abide.examples.document;

import org.jspecify.annotations.NullMarked;
