/** A shopping cart. */
@NullMarked
package dev.abide.examples.cart;

import org.jspecify.annotations.NullMarked;
