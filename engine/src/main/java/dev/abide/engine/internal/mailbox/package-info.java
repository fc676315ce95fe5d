/** The queue of an object's turns. */
@NullMarked
package dev.abide.engine.internal.mailbox;

import org.jspecify.annotations.NullMarked;
