/**
 * Objects that are awake, and the turns they take.
 *
 * <p>Fields that more than one thread touches:
 *
 * <ul>
 *   <li>{@code Mailbox.word}: compare-and-set; count above zero is ownership of all that an
 *       activation's turns write, but while the object is lent and nobody has borrowed it
 *   <li>{@code Turn.phase}: volatile; written only when a turn is left behind or handed over
 *   <li>{@code QueuedTurn.state}: compare-and-set; see its successors there
 *   <li>{@code StorageView.applied}: volatile; written by a store thread, only grows
 *   <li>{@code Belongings.context}: volatile; written by the owner, tells old instances that they
 *       are
 *   <li>{@code Mailbox.watched}: compare-and-set; whether the scanner has the activation in hand
 *   <li>{@code Engine.state}: volatile; OPEN, BARRING, CLOSING, FAILED, CLOSED in that order
 * </ul>
 */
@NullMarked
package dev.abide.engine.internal.activation;

import org.jspecify.annotations.NullMarked;
