/**
 * Counts the words of texts, one durable object per word; goes on after a crash with exact totals.
 */
@NullMarked
package dev.abide.examples.wordcount;

import org.jspecify.annotations.NullMarked;
