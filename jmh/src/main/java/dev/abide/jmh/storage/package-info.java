/**
 * Loads storage as no single benchmark can: for minutes, across opens, and up to many gigabytes.
 */
@NullMarked
package dev.abide.jmh.storage;

import org.jspecify.annotations.NullMarked;
