/** Chat: rooms and members that call each other, and browsers that plug in to members. */
@NullMarked
package dev.abide.examples.chat;

import org.jspecify.annotations.NullMarked;
