/** Accounts that pay each other. */
@NullMarked
package dev.abide.examples.account;

import org.jspecify.annotations.NullMarked;
