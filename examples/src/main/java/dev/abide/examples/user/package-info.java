/** A shop's user: a record in storage, and a page of the application's own. */
@NullMarked
package dev.abide.examples.user;

import org.jspecify.annotations.NullMarked;
